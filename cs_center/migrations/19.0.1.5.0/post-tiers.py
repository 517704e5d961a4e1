def migrate(cr, version):
    """Steps that were asked before amounts were added up: the posts were chosen by the amount alone."""
    cr.execute("UPDATE cs_approval SET together = amount WHERE COALESCE(together, 0) = 0 AND amount <> 0")
