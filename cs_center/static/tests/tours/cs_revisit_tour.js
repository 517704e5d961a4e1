import { registry } from "@web/core/registry";
import { back, confirmDialog, inState, openRow, press, type } from "./cs_tour_helpers";

const tours = registry.category("web_tour.tours");

/** A happy customer: three answers and Enter. */
function happy(name, next) {
    return [
        { trigger: `.o_cs_call:contains(${name})` },
        { trigger: ".o_cs_call_sheet", run: "press 1" },
        { trigger: ".o_cs_question:eq(0) .btn-success" },
        { trigger: ".o_cs_call_sheet", run: "press 1" },
        { trigger: ".o_cs_question:eq(1) .btn-success" },
        { trigger: ".o_cs_call_sheet", run: "press 1" },
        { trigger: ".o_cs_question:eq(2) .btn-success" },
        { trigger: ".o_cs_keep:enabled" },
        { trigger: ".o_cs_call_sheet", run: "press Enter" },
        ...(next ? [{ trigger: `.o_cs_call:contains(${next})` }] : []),
    ];
}

const customers = ["顾客01", "顾客02", "顾客03", "顾客04", "顾客05", "顾客06", "顾客07", "顾客08", "顾客09", "顾客10"];

// ten calls in a row, by keyboard: eight are content, one is not at home, one is dissatisfied
tours.add("cs_agent_calls", {
    steps: () => [
        { trigger: ".o_list_view button:contains(下一位), .o_list_view button:contains(Next Call)", run: "click" },
        ...customers.slice(0, 8).flatMap((name, index) => happy(name, customers[index + 1])),
        { trigger: ".o_cs_call_sheet", run: "press n" },
        { trigger: `.o_cs_call:contains(${customers[9]})` },
        { trigger: ".o_cs_question:eq(0) button:eq(2)", run: "click" },
        { trigger: ".o_cs_question:eq(0) .btn-danger" },
        { trigger: ".o_cs_call_sheet textarea", run: "edit 桌腿松动，没人来修" },
        { trigger: ".o_cs_keep:enabled", run: "click" },
        { trigger: ".o_cs_follow_up", run: "click" },
        { trigger: ".o_field_widget[name=description]:contains(桌腿松动), .o_field_widget[name=description] textarea:value(桌腿松动)" },
        inState("registered"),
    ],
});

// the supervisor gives a revisit away, calls a customer again as a check and verifies what followed
tours.add("cs_supervisor_checks_revisits", {
    steps: () => [
        ...openRow("抽查顾客"),
        press(["抽查", "Call Again as a Check"]),
        { trigger: ".modal .o_field_widget[name=satisfaction] input:eq(1)", run: "click" },
        ...type("note", "比较满意", ".modal"),
        ...confirmDialog(),
        { trigger: ".o_field_widget[name=checked_satisfaction]" },
        ...back(),
        ...openRow("落实顾客"),
        press(["核实", "Verify"]),
        ...type("note", "已回访商户，配件已换", ".modal"),
        ...confirmDialog(),
        inState("verified"),
    ],
});
