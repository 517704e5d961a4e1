import { registry } from "@web/core/registry";
import { back, choose, confirmDialog, either, field, inState, openRow, pick, revisit, save, type } from "./cs_tour_helpers";

const tours = registry.category("web_tour.tours");

/** Phone number in, customer found: the desk's first move, with the cursor there already. */
function phone() {
    return [
        { trigger: `${field("contact_phone")} input:focus`, run: "edit 13900001111" },
        { trigger: `${field("contact_phone")} input`, run: "press Tab" },
        { trigger: `${field("partner_id")} input:value(王女士)` },
    ];
}

function matter(text) {
    return [
        ...choose("channel", ["来访", "Visit"]),
        ...pick("category_id", "坐垫类"),
        ...type("description", text),
    ];
}

function next() {
    return [
        { trigger: ".o_form_button_create", run: "click" },
        { trigger: ".o_form_view:not(:has(.o_form_saved))" },
    ];
}

tours.add("cs_desk_register", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        ...phone(),
        // the open one of the same customer is shown before saving
        { trigger: `.alert-warning ${field("similar_ids")} .o_data_row:contains(坐垫类)` },
        ...matter("另一只坐垫也塌了"),
        ...choose("level", ["2"]),
        ...save(),
        inState("registered"),
        { trigger: `body:not(:has(${field("similar_ids")}))` },

        ...next(),
        ...phone(),
        ...matter("有人私收现金"),
        { trigger: `${field("confidential")} input`, run: "click" },
        ...save(),
        inState("registered"),
        { trigger: `body:not(:has(${field("contact_name")}))` },
        { trigger: "button[name=action_open_identity]" },

        ...next(),
        ...phone(),
        { trigger: either(`${field("kind")} .o_radio_item label`, ["咨询", "Enquiry"]), run: "click" },
        ...matter("儿童家具在哪一层"),
        ...save(),
        inState("registered"),
        { trigger: ".o_statusbar_buttons button.btn-primary[data-hotkey=e]", run: "click" },
        ...type("result", "三楼东侧", ".modal"),
        ...confirmDialog(),
        inState("resolved"),
        ...back(),

        // a customer called back is not satisfied
        ...openRow("李先生"),
        ...revisit(2, "加固后仍晃动"),
        { trigger: ".o_cs_follow_up", run: "click" },
        inState("investigating"),
    ],
});
