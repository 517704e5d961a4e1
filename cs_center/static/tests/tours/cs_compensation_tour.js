import { registry } from "@web/core/registry";
import { confirmDialog, field, inState, press, step, type } from "./cs_tour_helpers";

const tours = registry.category("web_tour.tours");

// from the complaint to the approvers: customer, goods and rule are there, the amount is not
tours.add("cs_specialist_compensates", {
    steps: () => [
        step("action_new_compensation"),
        { trigger: `${field("payee_id")} input:value(王女士)` },
        { trigger: `${field("basis")} textarea:value(/./)` },
        ...type("amount", "1200"),
        step("action_submit"),
        inState("submitted"),
        { trigger: ".o_form_saved .alert-info" },
    ],
});

// from the list of what waits; the step that was taken is no more to be taken
tours.add("cs_post_approves_a_compensation", {
    steps: () => [
        { trigger: ".o_data_row:contains(PF) .o_data_cell:first", run: "click" },
        { trigger: ".o_form_view .o_form_saved" },
        press(["批准", "Approve"]),
        ...type("remark", "同意先行赔偿", ".modal"),
        ...confirmDialog(),
        { trigger: "button[name=approval].active, a[name=approval]", run: "click" },
        { trigger: `${field("approval_ids")} .o_data_row:contains(同意先行赔偿)` },
    ],
});

// a mall whose accounts are not set: the assistant proposes, the accountant confirms, and pays
tours.add("cs_accountant_sets_up_and_pays", {
    steps: () => [
        { trigger: ".o_data_row .o_data_cell[name=payee_id]", run: "click" },
        { trigger: ".o_form_view .o_form_saved" },
        step("action_pay"),
        { trigger: ".o_dialog .modal-footer button.btn-primary", run: "click" },
        { trigger: `.modal ${field("line_ids")} .o_data_row:eq(4) .o_data_cell[name=code]:contains(/[0-9]{6}/)` },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        step("action_pay"),
        { trigger: `.modal ${field("amount")} input:value(/1,200/)` },
        { trigger: ".modal button[name=action_create_payments]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        inState("paid"),
        { trigger: ".oe_stat_button[name=action_open_moves]", run: "click" },
        { trigger: ".o_list_view .o_data_row:eq(3)" },
    ],
});

// the same goods again: not without a reason
tours.add("cs_specialist_compensates_again", {
    steps: () => [
        step("action_new_compensation"),
        { trigger: ".alert-warning" },
        ...type("amount", "300"),
        step("action_submit"),
        { trigger: ".o_error_dialog .modal-footer button", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        ...type("override_reason", "另一处损坏"),
        step("action_submit"),
        inState("submitted"),
    ],
});
