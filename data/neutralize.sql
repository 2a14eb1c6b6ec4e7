-- A copy of a database evaluates customers but plans nothing for anybody.
UPDATE res_company
   SET retention_side_effects_from = NULL;
-- Nor does it write to customers about their tiers, or warn anybody.
UPDATE customer_tier_ladder
   SET almost_template_id = NULL, warns_of_loss = FALSE;
