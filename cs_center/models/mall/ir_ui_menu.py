from odoo import models


class IrUiMenu(models.Model):
    """Where there is one mall, nobody sees what is for several."""

    _inherit = 'ir.ui.menu'

    def _load_menus_blacklist(self):
        hidden = super()._load_menus_blacklist()
        if len(self.env['res.company']._cs_malls_in_use()) < 2:
            names = ('menu_cs_deviations', 'menu_cs_deviations_figures')
            menus = (self.env.ref(f'cs_center.{name}', raise_if_not_found=False) for name in names)
            hidden = [*hidden, *(menu.id for menu in menus if menu)]
        return hidden
