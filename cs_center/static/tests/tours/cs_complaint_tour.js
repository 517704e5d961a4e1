import { registry } from "@web/core/registry";

const saved = { trigger: ".o_form_saved" };

function pick(field, text) {
    return [
        { trigger: `.o_field_widget[name=${field}] input`, run: `edit ${text}` },
        { trigger: `.o-autocomplete--dropdown-item:contains(${text}):first`, run: "click" },
    ];
}

// the desk: phone first, the customer is found by it
registry.category("web_tour.tours").add("cs_complaint_register", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_field_widget[name=contact_phone] input:focus", run: "edit 13900001111" },
        { trigger: ".o_field_widget[name=contact_phone] input", run: "press Tab" },
        { trigger: ".o_field_widget[name=partner_id] input:value(王女士)" },
        { trigger: ".o_field_widget[name=channel] input", run: "click" },
        { trigger: ".o_select_menu_item:contains(来访)", run: "click" },
        ...pick("category_id", "材料或工艺缺陷"),
        { trigger: ".o_field_widget[name=level] input", run: "click" },
        { trigger: ".o_select_menu_item:contains(2)", run: "click" },
        { trigger: ".o_field_widget[name=description] textarea", run: "edit 坐垫塌陷" },
        { trigger: ".o_field_widget[name=demand] textarea", run: "edit 更换坐垫" },
        { trigger: ".o_form_button_save", run: "click" },
        saved,
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(已登记)" },
    ],
});

registry.category("web_tour.tours").add("cs_complaint_assign", {
    steps: () => [
        { trigger: "header button:contains(分派), .o_statusbar_buttons button:contains(分派)", run: "click" },
        ...pick("user_id", "陈专员").map((step) => ({ ...step, trigger: step.trigger.startsWith(".o_field") ? `.modal ${step.trigger}` : step.trigger })),
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(已分派)" },
    ],
});

registry.category("web_tour.tours").add("cs_complaint_handle", {
    steps: () => [
        { trigger: "button[name=action_investigate]", run: "click" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(调查中)" },
        { trigger: ".nav-link[name=decision]", run: "click" },
        { trigger: ".o_field_widget[name=finding] textarea", run: "edit 框架松动" },
        { trigger: ".o_field_widget[name=remedy] textarea", run: "edit 上门加固" },
        { trigger: ".o_field_widget[name=responsibility_ids] .o_field_x2many_list_row_add a", run: "click" },
        { trigger: ".o_field_widget[name=party] input", run: "click" },
        { trigger: ".o_select_menu_item:contains(商户)", run: "click" },
        { trigger: "button[name=action_negotiate]", run: "click" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(协商中)" },
        { trigger: ".o_statusbar_buttons button.btn-primary", run: "click" },
        { trigger: ".modal .o_field_widget[name=result] textarea", run: "edit 已加固" },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(已处理)" },
    ],
});

registry.category("web_tour.tours").add("cs_complaint_revisit", {
    steps: () => [
        { trigger: ".o_statusbar_buttons button:contains(记录联系)", run: "click" },
        { trigger: ".modal .o_field_widget[name=note] textarea", run: "edit 顾客满意" },
        { trigger: ".modal .o_field_widget[name=satisfaction] input:first", run: "click" },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".nav-link[name=contacts]", run: "click" },
        { trigger: ".o_field_widget[name=contact_ids] .o_data_row:contains(顾客满意)" },
    ],
});

registry.category("web_tour.tours").add("cs_complaint_close", {
    steps: () => [
        { trigger: "button[name=action_close]", run: "click" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(已结案)" },
    ],
});
