import { registry } from "@web/core/registry";
import { choose, confirmDialog, either, field, openRow, press, type } from "./cs_tour_helpers";

const tours = registry.category("web_tour.tours");

tours.add("cs_specialist_waits", {
    steps: () => [
        // what is due first leads the day, with the time that is left
        { trigger: `.o_data_row:first:contains(急女士) ${field("next_deadline")} .text-danger` },
        ...openRow("王女士"),
        press(["询问商户", "Ask the Merchant"]),
        ...type("question", "何时能上门", ".modal"),
        ...confirmDialog(),

        press(["暂停", "Pause"]),
        { trigger: either(`${field("party", ".modal")} .o_radio_item label`, ["商户", "Merchant"]), run: "click" },
        ...type("reason", "等商户答复上门时间", ".modal"),
        ...confirmDialog(),
        { trigger: either(".alert-secondary", ["商户", "Merchant"]) },

        { trigger: "button[name=action_open_clocks]", run: "click" },
        { trigger: either(".o_data_row", ["商户答复", "Merchant's Answer"]) },
        { trigger: either(".o_data_row", ["暂停", "Paused"]) },
        { trigger: ".breadcrumb-item.o_back_button", run: "click" },

        press(["恢复计时", "Go On"]),
        ...type("note", "商户已答复", ".modal"),
        ...confirmDialog(),
        { trigger: ".o_form_view:not(:has(.alert-secondary))" },
    ],
});

tours.add("cs_supervisor_assigns_by_rules", {
    steps: () => [
        { trigger: ".o_list_view thead .o_list_record_selector input", run: "click" },
        { trigger: ".o_control_panel .o_cp_action_menus button:has(.fa-cog)", run: "click" },
        { trigger: ".o-dropdown--menu .o_menu_item:text(按规则分派), .o-dropdown--menu .o_menu_item:text(Assign by Rules)", run: "click" },
        { trigger: either(".o_notification", ["已分派", "Assigned"]) },
        { trigger: ".o_list_view:not(:has(.o_data_row))" },
    ],
});

tours.add("cs_manager_sets_a_deadline", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        ...type("name", "四级四小时内答复"),
        ...choose("measure", ["答复", "Answer"]),
        ...choose("start_event", ["受理时间", "Received"]),
        ...choose("stop_event", ["已答复", "Answered"]),
        ...type("amount", "4"),
        ...choose("level", ["4"]),
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
    ],
});
