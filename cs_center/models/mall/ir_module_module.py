from odoo import models


class IrModuleModule(models.Model):
    _inherit = 'ir.module.module'

    def write(self, vals):
        result = super().write(vals)
        if vals.get('state') == 'installed' and 'stock' in self.mapped('name'):
            self._cs_prepare_inventory()
        return result

    def _cs_prepare_inventory(self):
        """Inventory brings a warehouse for the first company alone, and what is installed right after it, the stock of
        sales, refuses to be where another company sells: before any bridge of ours could help."""
        orders_sudo = self.env['sale.order'].sudo()
        selling = orders_sudo._read_group([('state', 'not in', ('draft', 'cancel'))], ['company_id'])
        self.env['res.company'].union(*(company for (company,) in selling))._cs_make_warehouses()
