import { registry } from "@web/core/registry";
import { choose, confirmDialog, either, field, press, save, type } from "./cs_tour_helpers";

const tours = registry.category("web_tour.tours");

/** On a phone a record is chosen from a page of its own. */
function pick(name, text) {
    return [
        { trigger: `${field(name)} input`, run: "click" },
        { trigger: `.modal .o_data_row:contains(${text}) .o_data_cell, .modal .o_kanban_record:contains(${text})`, run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ];
}

/** What the floor manager types on the phone while the customer stands in the shop. */
function register(text, category = "坐垫类") {
    return [
        { trigger: ".o-kanban-button-new, .o_form_button_create", run: "click" },
        ...type("contact_phone", "13900001111"),
        { trigger: `${field("partner_id")} input:value(王女士)` },
        ...pick("category_id", category),
        ...type("description", text),
        ...pick("merchant_id", "云朵沙发店"),
    ];
}

/** On a phone all buttons but the first, the next step, are behind the dots. */
function more(words) {
    return [
        { trigger: ".o_statusbar_buttons button:has(.oi-ellipsis-v)", run: "click" },
        { trigger: either(".o-dropdown--menu button", words), run: "click" },
    ];
}

tours.add("cs_floor_on_the_phone", {
    steps: () => [
        ...register("靠垫拉链坏了"),
        ...choose("level", ["1"]),
        ...save(),
        press(["当场解决", "Resolve on the Spot"]),
        ...type("result", "当场更换拉链", ".modal"),
        ...confirmDialog(),
        { trigger: ".o_form_saved" },

        ...register("沙发骨架断裂"),
        ...save(),
        ...more(["上交", "Hand Up"]),
        ...type("reason", "商户拒绝更换", ".modal"),
        ...confirmDialog(),
        { trigger: ".o_form_saved" },

        ...register("收银员态度差", "员工态度类"),
        ...pick("accused_user_id", "周客服"),
        ...save(),
    ],
});
