import { registry } from "@web/core/registry";
import { FormRenderer } from "@web/views/form/form_renderer";
import { StatusBarButtons } from "@web/views/form/status_bar_buttons/status_bar_buttons";
import { formView } from "@web/views/form/form_view";

/** The next sensible step as a button, whatever else is possible in a menu. */
export class OneStepButtons extends StatusBarButtons {
    static template = "customer_retention.OneStepButtons";
}

export class ComplaintFormRenderer extends FormRenderer {
    static components = { ...FormRenderer.components, StatusBarButtons: OneStepButtons };
}

export const complaintFormView = { ...formView, Renderer: ComplaintFormRenderer };

registry.category("views").add("customer_complaint_form", complaintFormView);
