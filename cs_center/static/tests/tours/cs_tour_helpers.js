/** Steps that the tours share. Buttons that open a dialog have a number for a name: they are found by their words, in
 *  either language. */

export function field(name, within = "") {
    return `${within} .o_field_widget[name=${name}]`.trim();
}

/** Type into a field; what was typed is committed before the next step begins. */
export function type(name, text, within = "") {
    const input = `${field(name, within)} input, ${field(name, within)} textarea`;
    return [
        { trigger: input, run: `edit ${text}` },
        { trigger: input, run: "press Tab" },
    ];
}

/** Type the beginning of a name and take the first record proposed. */
export function pick(name, text, within = "") {
    return [
        { trigger: `${field(name, within)} input`, run: `edit ${text}` },
        { trigger: `.o-autocomplete--dropdown-item:contains(${text}):first`, run: "click" },
    ];
}

/** Choose from a list of fixed values, by the beginning of its words in either language. */
export function choose(name, words, within = "") {
    return [
        { trigger: `${field(name, within)} input`, run: "click" },
        { trigger: either(".o_select_menu_item", words), run: "click" },
    ];
}

export function either(selector, words) {
    return words.map((word) => `${selector}:contains(${word})`).join(", ");
}

export function press(words) {
    return { trigger: either(`.o_statusbar_buttons button`, words), run: "click" };
}

export function step(method) {
    return { trigger: `.o_statusbar_buttons button[name=${method}]`, run: "click" };
}

/** A step from the gear menu. */
export function gear(words) {
    return [
        { trigger: ".o_control_panel .o_cp_action_menus button:has(.fa-cog)", run: "click" },
        { trigger: either(".o-dropdown--menu .o_menu_item", words), run: "click" },
    ];
}

export function confirmDialog() {
    return [
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ];
}

export function save() {
    return [
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
    ];
}

export function inState(state) {
    return { trigger: `.o_statusbar_status .o_arrow_button_current[data-value=${state}]` };
}

/** Open the record of a list by its words. */
export function openRow(text) {
    return [
        { trigger: `.o_data_row:contains(${text}) .o_data_cell[name=name]`, run: "click" },
        { trigger: ".o_form_view .o_form_saved" },
    ];
}

/** From a record back to the list it was opened from. */
export function back() {
    return [
        { trigger: ".breadcrumb-item.o_back_button", run: "click" },
        { trigger: ".o_list_view .o_data_row" },
    ];
}

/** Name who answers for the matter, in the list on the page of the decision. */
export function responsible(words) {
    return [
        { trigger: `${field("responsibility_ids")} .o_field_x2many_list_row_add a`, run: "click" },
        ...choose("party", words, ".o_selected_row"),
    ];
}

/** Note a contact from the button of the form; what its dialog asks for is given as steps. */
export function noteContact(note, steps = []) {
    return [
        { trigger: ".o_statusbar_buttons button[data-hotkey=o]", run: "click" },
        { trigger: `${field("note", ".modal")} textarea`, run: `edit ${note}` },
        ...steps,
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ];
}

/** From a resolved case to its revisit: call, answer the question that decides by its place, keep the call. */
export function revisit(place, opinion) {
    return [
        { trigger: ".oe_stat_button[name=action_open_revisits]", run: "click" },
        { trigger: ".o_list_view .o_data_row:first .o_data_cell[name=name]", run: "click" },
        { trigger: ".o_statusbar_buttons button[name=action_open_call]", run: "click" },
        { trigger: `.o_cs_question:eq(0) button:eq(${place})`, run: "click" },
        { trigger: ".o_cs_call_sheet textarea", run: `edit ${opinion}` },
        { trigger: ".o_cs_keep:enabled", run: "click" },
    ];
}

/** Back to a case from where the calls ended. */
export function fromCalls(text) {
    return [
        { trigger: ".o_list_view .o_control_panel:contains(回访), .o_list_view:contains(Revisits)" },
        { trigger: "[data-menu-xmlid='cs_center.menu_cs_complaints']", run: "click" },
        { trigger: ".o_breadcrumb:contains(投诉), .o_breadcrumb:contains(Complaints)" },
        ...openRow(text),
    ];
}
