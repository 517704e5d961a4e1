import { registry } from "@web/core/registry";
import { back, confirmDialog, either, field, fromCalls, gear, inState, openRow, pick, press, revisit, step, type } from "./cs_tour_helpers";

const tours = registry.category("web_tour.tours");

function select(text) {
    return { trigger: `.o_data_row:contains(${text}) .o_list_record_selector input`, run: "click" };
}

tours.add("cs_supervisor_decides", {
    steps: () => [
        // two at once from the list
        select("批量甲"),
        select("批量乙"),
        { trigger: ".o_control_panel .o_cp_action_menus button:has(.fa-cog)", run: "click" },
        { trigger: ".o-dropdown--menu .o_menu_item:text(分派), .o-dropdown--menu .o_menu_item:text(Assign)", run: "click" },
        ...pick("user_id", "陈专员", ".modal"),
        ...confirmDialog(),
        { trigger: either(".o_data_row:contains(批量乙)", ["已分派", "Assigned"]) },

        ...openRow("不成立丙"),
        press(["不成立", "Unfounded"]),
        ...type("reason", "商品无缺陷", ".modal"),
        ...type("reply", "经检查商品完好，感谢理解", ".modal"),
        ...confirmDialog(),
        inState("unfounded"),
        ...back(),

        ...openRow("待核丁"),
        press(["认可答复", "Accept the Answer"]),
        ...type("note", "属实", ".modal"),
        ...confirmDialog(),
        ...revisit(0, "灯已亮"),
        ...fromCalls("待核丁"),
        step("action_close"),
        inState("closed"),
        ...back(),

        ...openRow("重大戊"),
        ...gear(["重大投诉", "Mark as Major"]),
        ...type("reason", "媒体到场", ".modal"),
        ...confirmDialog(),
        { trigger: ".ribbon:has(.text-bg-danger), .o_widget_web_ribbon .text-bg-danger" },
        ...gear(["撤诉", "Withdraw"]),
        ...type("reason", "顾客电话撤诉", ".modal"),
        ...confirmDialog(),
        inState("withdrawn"),
    ],
});

tours.add("cs_manager_sorts_out", {
    steps: () => [
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        { trigger: ".o_filter_menu .o_menu_item:text(重大投诉), .o_filter_menu .o_menu_item:text(Major)", run: "click" },
        { trigger: ".o_list_view:not(:has(.o_data_row:contains(合并甲))) .o_data_row:contains(重大戊)" },
        { trigger: ".o_facet_remove:last", run: "click" },

        ...openRow("合并甲"),
        ...gear(["合并", "Merge into Another"]),
        // the case to keep is found by the name of its customer
        { trigger: `${field("target_id", ".modal")} input`, run: "edit 留存乙" },
        { trigger: ".o-autocomplete--dropdown-item:contains(TS):only", run: "click" },
        ...type("reason", "同一件事", ".modal"),
        ...confirmDialog(),
        inState("withdrawn"),
        ...back(),

        ...openRow("拆分丙"),
        ...gear(["拆分", "Split per Merchant"]),
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(木语家居店)" },
        { trigger: ".breadcrumb-item:first", run: "click" },

        ...openRow("送货延误"),
        { trigger: "button[name=action_open_identity]", run: "click" },
        { trigger: `${field("contact_name", ".modal")}:contains(王女士), ${field("contact_name", ".modal")} input:value(王女士)` },
        { trigger: ".modal .btn-close", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});
