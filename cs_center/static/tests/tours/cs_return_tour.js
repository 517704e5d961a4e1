import { registry } from "@web/core/registry";
import { confirmDialog, either, field, inState, pick, press, save, type } from "./cs_tour_helpers";

const tours = registry.category("web_tour.tours");

function choice(name, words) {
    return { trigger: either(`${field(name, ".modal")} .o_radio_item label`, words), run: "click" };
}

// a customer stands at the desk: order, goods, verdict, consent and submission in one sitting
tours.add("cs_agent_takes_a_return", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        ...pick("sale_order_id", "巡演订单"),
        { trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(餐桌)" },
        ...save(),
        press(["当场办理", "In One Sitting"]),
        choice("state_of_goods", ["完好", "Undamaged"]),
        ...type("condition", "全新，包装未拆", ".modal"),
        choice("how", ["当面", "In Person"]),
        ...confirmDialog(),
        inState("to_approve"),
        { trigger: ".o_field_widget[name=verdict] .text-bg-success" },
    ],
});

// the manager approves from the list of what waits
tours.add("cs_manager_approves_a_return", {
    steps: () => [
        { trigger: ".o_data_row:first .o_data_cell:first", run: "click" },
        { trigger: ".o_form_view .o_form_saved" },
        press(["批准", "Approve"]),
        ...type("remark", "同意办理", ".modal"),
        ...confirmDialog(),
        inState("approved"),
    ],
});
