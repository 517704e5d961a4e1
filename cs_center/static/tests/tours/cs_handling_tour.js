import { registry } from "@web/core/registry";
import {
    choose, confirmDialog, either, field, fromCalls, inState, noteContact, openRow, pick, press, responsible, revisit, save, step, type,
} from "./cs_tour_helpers";

const tours = registry.category("web_tour.tours");

function decide() {
    return [
        { trigger: ".nav-link[name=decision]", run: "click" },
        ...type("finding", "框架松动"),
        ...type("remedy", "上门加固"),
        ...responsible(["商户", "Merchant"]),
    ];
}

function resolve(result, steps = []) {
    return [
        { trigger: ".o_statusbar_buttons button.btn-primary[data-hotkey=e]", run: "click" },
        ...type("result", result, ".modal"),
        ...steps,
        ...confirmDialog(),
        inState("resolved"),
    ];
}

tours.add("cs_specialist_whole_road", {
    steps: () => [
        ...openRow("王女士"),
        step("action_investigate"),
        inState("investigating"),

        // the maker is asked, and the answer noted
        { trigger: ".o_statusbar_buttons button[data-hotkey=l]", run: "click" },
        ...pick("partner_id", "佛山软体家具厂", ".modal"),
        ...type("reason", "骨架是否有质保", ".modal"),
        ...confirmDialog(),
        { trigger: "button[name=action_open_escalations]", run: "click" },
        { trigger: ".o_data_row:contains(骨架是否有质保) button:has(.fa-reply)", run: "click" },
        ...type("answer", "质保五年", ".modal"),
        { trigger: `${field("customer_told", ".modal")} input`, run: "click" },
        ...confirmDialog(),
        { trigger: ".o_data_row:contains(质保五年)" },
        { trigger: ".breadcrumb-item.o_back_button", run: "click" },
        inState("investigating"),

        ...decide(),
        step("action_negotiate"),
        inState("negotiating"),
        step("action_mediate"),
        inState("mediating"),
        ...noteContact("各方同意上门加固", [
            ...type("participants", "顾客、商户、商场", ".modal"),
            { trigger: either(`${field("outcome", ".modal")} .o_radio_item label`, ["达成", "Agreement"]), run: "click" },
        ]),
        ...resolve("商户已上门加固", type("customer_opinion", "认可", ".modal")),
    ],
});

tours.add("cs_department_answer", {
    steps: () => [
        ...openRow("王女士"),
        { trigger: ".o-mail-Activity:contains(检查照明) .o-mail-Activity-markDone", run: "click" },
        { trigger: ".o-mail-ActivityMarkAsDone textarea", run: "edit 灯已换" },
        { trigger: ".o-mail-ActivityMarkAsDone button.btn-primary:last", run: "click" },
        { trigger: "body:not(:has(.o-mail-Activity:contains(检查照明)))" },
        step("action_investigate"),
        inState("investigating"),
        ...decide(),
        step("action_negotiate"),
        inState("negotiating"),
        ...resolve("照明已修复"),
    ],
});

tours.add("cs_hr_assigns", {
    steps: () => [
        ...openRow("王女士"),
        press(["分派", "Assign"]),
        ...choose("level", ["2"], ".modal"),
        ...pick("user_id", "孙部长", ".modal"),
        ...pick("department_id", "巡演物业部", ".modal"),
        ...confirmDialog(),
        inState("assigned"),
    ],
});

tours.add("cs_hr_closes", {
    steps: () => [
        { trigger: ".alert-info" },
        press(["认可答复", "Accept the Answer"]),
        ...type("note", "与监控一致", ".modal"),
        ...confirmDialog(),
        ...revisit(0, "顾客接受道歉"),
        ...fromCalls("员工态度类"),
        step("action_close"),
        inState("closed"),
    ],
});

tours.add("cs_clerk_archives_and_receives", {
    steps: () => [
        step("action_archive_file"),
        { trigger: `${field("archive_ref")}:not(:empty)` },

        { trigger: "[data-menu-xmlid='cs_center.menu_cs_receptions']", run: "click" },
        { trigger: ".o_list_button_add", run: "click" },
        ...type("topic", "价签检查"),
        ...type("body", "市场监督管理局"),
        ...type("visitors", "李科长"),
        ...type("handed_over", "价签样本两份"),
        ...save(),
    ],
});
