import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;
const COLORS = { breached: "text-danger fw-bold", warning: "text-warning fw-bold", paused: "text-muted" };

/** A deadline as the time left, to the hour and minute: Odoo's own widget counts in days. Colours only warn. */
export class RemainingTimeField extends Component {
    static template = "cs_center.RemainingTimeField";
    static props = { ...standardFieldProps };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get tooltip() {
        return this.value ? formatDateTime(this.value, { showSeconds: false }) : "";
    }

    get color() {
        if (this.value && this.value < DateTime.now()) {
            return COLORS.breached;
        }
        const state = this.props.record.data.clock_state;
        return (state !== "breached" && COLORS[state]) || "";
    }

    get text() {
        if (!this.value) {
            return "";
        }
        const minutes = Math.trunc(this.value.diffNow("minutes").minutes);
        const left = Math.abs(minutes);
        const days = Math.floor(left / 1440);
        const hours = Math.floor((left % 1440) / 60);
        const span = days
            ? _t("%(days)s d %(hours)s h", { days, hours })
            : hours
              ? _t("%(hours)s h %(minutes)s min", { hours, minutes: left % 60 })
              : _t("%(minutes)s min", { minutes: left });
        return this.value < DateTime.now() ? _t("%s overdue", span) : _t("%s left", span);
    }
}

export const remainingTimeField = {
    component: RemainingTimeField,
    displayName: _t("Remaining Time"),
    supportedTypes: ["datetime"],
    fieldDependencies: [{ name: "clock_state", type: "selection", readonly: true }],
};

registry.category("fields").add("cs_remaining_time", remainingTimeField);
