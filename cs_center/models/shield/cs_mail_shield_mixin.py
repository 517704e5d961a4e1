from odoo import api, models
from odoo.fields import Domain
from odoo.tools import ormcache


class CsMailShieldMixin(models.AbstractModel):
    """For Odoo's own records that hang on a document by model and id, and that Odoo shows to more people than the
    document: of a case of the centre they are seen by those alone who may read it. The documents say so by
    ``_shields_mail``."""

    _name = 'cs.mail.shield.mixin'
    _description = "Hidden with its Document"

    _shield_model, _shield_id = 'res_model', 'res_id'
    _judged_when_named = True

    @api.model
    @ormcache()
    def _shielded_models(self):
        """Documents whose messages, notices, followers and ratings are for those alone who may read the document."""
        return tuple(
            name
            for name, model in sorted(self.env.registry.items())
            if not model._abstract and getattr(model, '_shields_mail', False)
        )

    @api.model
    def _shield_domain(self):
        """Everything but what hangs on cases that the user may not read."""
        domain = Domain(self._shield_model, 'not in', self._shielded_models())
        for model in self._shielded_models():
            if self.env[model].has_access('read'):
                readable = self.env[model].with_context(active_test=False)._search([])
                domain |= Domain(self._shield_model, '=', model) & Domain(self._shield_id, 'in', readable)
        return domain

    @api.model
    def _search(self, domain, *args, **kwargs):
        if not self.env.su and not kwargs.get('bypass_access'):
            domain = Domain(domain) & self._shield_domain()
        return super()._search(domain, *args, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or operation == 'create' or not any(self._ids):
            return result
        remaining = self - result[0] if result else self
        forbidden = remaining._shielded()
        if not forbidden:
            return result
        return (
            result[0] | forbidden if result else forbidden,
            lambda: self.env['ir.rule']._make_access_error(operation, forbidden),
        )

    def _shielded(self):
        """Those of these records that hang on a case which the user may not read."""
        hidden = self.browse()
        for model in self._shielded_models():
            hanging = self.sudo().filtered(lambda record, model=model: record[self._shield_model] == model)
            if hanging:
                documents = self.env[model].browse(hanging.mapped(self._shield_id)).exists()
                readable = documents._filtered_access('read').ids
                hidden |= hanging.filtered(lambda record, readable=readable: record[self._shield_id] not in readable)
        return hidden.with_env(self.env)
