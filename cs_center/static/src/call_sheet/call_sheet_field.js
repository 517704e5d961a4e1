import { Component, useEffect, useExternalListener, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const TYPING = "input, textarea, select, [contenteditable=true]";
const KEYS = { n: "no_answer", b: "busy", f: "off" };

/** The call screen: script, questions with preset answers, what came before. Digits answer the question that is up, Enter keeps
 *  the call and goes to the next customer; a happy customer is three digits and Enter. */
export class CallSheetField extends Component {
    static template = "cs_center.CallSheetField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.opinion = useRef("opinion");
        this.state = useState({ chosen: {}, opinion: "", busy: false, kept: false });
        useExternalListener(window, "keydown", this.onKeydown.bind(this), { capture: true });
        useEffect(
            () => {
                this.state.chosen = Object.fromEntries(
                    (this.sheet.questions || []).filter((question) => question.chosen).map((question) => [question.id, question.chosen])
                );
                this.state.opinion = "";
                this.state.kept = false;
            },
            () => [this.props.record.resId]
        );
    }

    get sheet() {
        return this.props.record.data[this.props.name] || { questions: [], history: [] };
    }

    get questions() {
        return this.sheet.questions || [];
    }

    get outcomes() {
        return [
            { key: "no_answer", hint: "N", label: _t("No Answer") },
            { key: "busy", hint: "B", label: _t("Busy") },
            { key: "off", hint: "F", label: _t("Switched Off") },
        ];
    }

    /** The question that digits answer: the first without an answer. */
    get current() {
        return this.questions.find((question) => !this.state.chosen[question.id]);
    }

    get tries() {
        const place = this.sheet.attempts + 1;
        return _t("Try %(place)s of %(needed)s. Backspace takes the last answer back.", { place, needed: this.sheet.attempts_needed });
    }

    get complete() {
        return this.questions.length > 0 && this.questions.every((question) => !question.decides || this.state.chosen[question.id]);
    }

    /** Asked of the record as it was loaded last: the one in the props is a step behind. */
    get unqualified() {
        const data = this.props.record.model.root.data;
        return data.result === "unqualified" && !data.followup_id;
    }

    onKeydown(ev) {
        if (ev.altKey || ev.metaKey || document.querySelector(".o_dialog, .modal")) {
            return;
        }
        const typing = ev.target.closest?.(TYPING);
        if (typing && (ev.key === "Escape" || (ev.ctrlKey && ev.key === "Enter"))) {
            this.swallow(ev);
            ev.target.blur();
            return ev.key === "Enter" && this.keep();
        }
        if (typing || ev.ctrlKey) {
            return;
        }
        if (this.state.busy) {
            return this.swallow(ev); // meant for a customer who is not on the screen yet
        }
        if (!this.sheet.open || this.state.kept) {
            if (ev.key === "Enter") {
                this.swallow(ev);
                this.unqualified ? this.followUp() : this.next();
            }
            return;
        }
        const question = this.current;
        const option = /^[1-9]$/.test(ev.key) && question?.options[Number(ev.key) - 1];
        const outcome = KEYS[ev.key.toLowerCase()];
        if (option) {
            this.swallow(ev);
            this.choose(question, option);
        } else if (ev.key === "Backspace") {
            this.swallow(ev);
            this.takeBack();
        } else if (ev.key === "Enter" && !ev.target.closest?.("button, a")) {
            this.swallow(ev);
            this.keep();
        } else if (outcome) {
            this.swallow(ev);
            this.attempt(outcome);
        } else if (ev.key === "t" || ev.key === "T") {
            this.swallow(ev);
            this.opinion.el?.focus();
        } else if (ev.key === "l" || ev.key === "L") {
            this.swallow(ev);
            this.later();
        }
    }

    swallow(ev) {
        ev.preventDefault();
        ev.stopPropagation();
    }

    choose(question, option) {
        this.state.chosen[question.id] = option.id;
    }

    /** Green, yellow or red by what the answer says. */
    color(question, option) {
        if (this.state.chosen[question.id] !== option.id) {
            return "btn-outline-secondary";
        }
        return option.score >= 4 ? "btn-success" : option.score >= 2 ? "btn-warning" : "btn-danger";
    }

    takeBack() {
        const answered = this.questions.filter((question) => this.state.chosen[question.id]);
        if (answered.length) {
            delete this.state.chosen[answered.at(-1).id];
        }
    }

    /** Run one step at a time: a key pressed twice keeps one call. */
    async once(step) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            await step();
        } finally {
            this.state.busy = false;
        }
    }

    async keep() {
        if (!this.complete) {
            const deciding = this.questions.find((question) => question.decides);
            this.notification.add(_t("Please ask: %s", deciding ? deciding.name : ""), { type: "warning" });
            return;
        }
        await this.once(async () => {
            await this.orm.call("cs.revisit", "action_done", [[this.props.record.resId]], {
                answers: { ...this.state.chosen },
                opinion: this.state.opinion || false,
                by: this.sheet.do_not_call ? "message" : "phone",
            });
            await this.props.record.model.load({ resId: this.props.record.resId });
            this.state.kept = true;
        });
        if (this.state.kept && !this.unqualified) {
            await this.next();
        }
    }

    async attempt(outcome) {
        await this.once(async () => {
            await this.orm.call("cs.revisit", "action_log_attempt", [[this.props.record.resId]], { outcome });
            this.notification.add(_t("Noted. Next customer."), { type: "info" });
            await this.openNext();
        });
    }

    async later() {
        await this.once(async () => {
            await this.action.doAction("cs_center.cs_revisit_words_action_log_attempt", {
                additionalContext: { default_outcome: "call_later", active_model: "cs.revisit", active_id: this.props.record.resId, active_ids: [this.props.record.resId] },
                onClose: () => this.next(),
            });
        });
    }

    async followUp() {
        await this.once(async () => {
            const action = await this.orm.call("cs.revisit", "action_follow_up", [[this.props.record.resId]]);
            if (action && action.type) {
                await this.action.doAction(action);
            } else {
                await this.openNext();
            }
        });
    }

    async next() {
        await this.once(() => this.openNext());
    }

    /** The next customer on the same page, without leaving it. */
    async openNext() {
        const action = await this.orm.call("cs.revisit", "action_next_call", [], { skip_ids: [this.props.record.resId] });
        if (action.res_id) {
            await this.props.record.model.load({ resId: action.res_id, resIds: [action.res_id] });
        } else {
            await this.action.doAction(action, { clearBreadcrumbs: true });
        }
    }
}

export const callSheetField = {
    component: CallSheetField,
    displayName: _t("Call Sheet"),
    supportedTypes: ["json"],
    fieldDependencies: [
        { name: "result", type: "selection", readonly: true },
        { name: "followup_id", type: "many2one", readonly: true },
    ],
};

registry.category("fields").add("cs_call_sheet", callSheetField);
