def migrate(cr, version):
    """What was forwarded to a department before there was somebody to whom, is its head's."""
    cr.execute(
        """
        UPDATE cs_complaint c
           SET forwarded_to_id = t.head_id, forwarded_at = COALESCE(c.assigned_at, now() at time zone 'UTC')
          FROM cs_team t
         WHERE t.id = c.department_id AND c.staff_case IS TRUE AND c.forwarded_to_id IS NULL AND t.head_id IS NOT NULL
           AND (c.accused_user_id IS NULL OR c.accused_user_id NOT IN (t.head_id, COALESCE(t.deputy_id, 0)))
        """
    )
