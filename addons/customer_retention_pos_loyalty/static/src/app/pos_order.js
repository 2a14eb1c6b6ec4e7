// What is extended here has to be there before: the order of a bundle does not see to it.
import "@pos_loyalty/app/models/pos_order";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { patch } from "@web/core/utils/patch";
import { _t } from "@web/core/l10n/translation";

/**
 * Programs, rewards and points by the tier of the customer. The server decides again
 * when the order arrives: what is known here is as old as the session.
 */
patch(PosOrder.prototype, {
    /**
     * @param {Object} record a loyalty program or a reward
     * @returns {boolean} whether the customer has a tier it is for
     */
    isOpenToTier(record) {
        const tierIds = record?.customer_tier_pos_ids || [];
        return !tierIds.length || tierIds.includes(this.getPartner()?.customer_tier_pos_id);
    },
    /**
     * @param {Object} program
     * @returns {number} by what the points of the customer are multiplied
     */
    tierFactor(program) {
        const factors = program?.customer_tier_pos_factors || {};
        return factors[this.getPartner()?.customer_tier_pos_id] || 1;
    },
    //@override
    _programIsApplicable(program) {
        return this.isOpenToTier(program) && super._programIsApplicable(...arguments);
    },
    //@override
    pointsForPrograms(programs) {
        const pointsPerProgram = super.pointsForPrograms(...arguments);
        for (const program of programs) {
            const factor = this.tierFactor(program);
            const [won] = pointsPerProgram[program.id] || [];
            if (factor !== 1 && won) {
                // cut as on quotations; the addition undoes what binary fractions take
                won.points = Math.floor(won.points * factor * 100 + 1e-6) / 100;
            }
        }
        return pointsPerProgram;
    },
    //@override
    _getPointsCorrection(program) {
        return super._getPointsCorrection(...arguments) * this.tierFactor(program);
    },
    //@override
    getClaimableRewards() {
        return super
            .getClaimableRewards(...arguments)
            .filter(
                ({ reward }) => this.isOpenToTier(reward) && this.isOpenToTier(reward.program_id)
            );
    },
    //@override
    _applyReward(reward) {
        if (!this.isOpenToTier(reward) || !this.isOpenToTier(reward.program_id)) {
            return _t("This reward is for customers of other tiers.");
        }
        return super._applyReward(...arguments);
    },
});
