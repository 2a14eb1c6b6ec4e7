-- A copy of a database evaluates customers but plans nothing for anybody.
UPDATE res_company
   SET retention_side_effects_from = NULL;
