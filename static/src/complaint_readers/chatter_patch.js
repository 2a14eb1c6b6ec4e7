import { Chatter } from "@mail/chatter/web_portal/chatter";

import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

patch(Chatter.prototype, {
    /** In a complaint: who reads what is being written; elsewhere nothing. */
    get complaintReaders() {
        if (this.props.threadModel !== "customer.complaint" || !this.props.record) {
            return null;
        }
        if (this.state.composerType === "note") {
            return {
                text: _t("Only colleagues read this. The customer never sees it."),
                icon: "fa-lock",
                classes: "text-muted",
            };
        }
        const { readers_text: text } = this.props.record.data;
        return text ? { text, icon: "fa-eye", classes: "o_customer_readers_outside" } : null;
    },
});
