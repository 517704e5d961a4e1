from contextlib import closing

from odoo import api
from odoo.service.model import retrying
from odoo.tests import tagged

from ..common.two_cursors_case import TwoCursorsCase


@tagged('post_install', '-at_install')
class TestCompensationSplitTwice(TwoCursorsCase):
    """Two parts of one amount are submitted at once: they do not both stay under a tier."""

    # the proof is what another transaction sees, so these commit
    # pylint: disable=invalid-commit

    model = 'cs.compensation'
    people = {'first': 'specialist', 'second': 'specialist', 'supervisor': 'supervisor', 'chief': 'manager'}

    def _parts(self):
        """Ids of two, of the same customer by two cards, drawn up by two."""
        with self._committed() as env:
            merchant = env['res.partner'].create({'name': "Split Shop", 'is_merchant': True, 'is_company': True})
            cn = env.ref('base.cn').id
            cards = env['res.partner'].create(
                [{'name': f"Split {number}", 'phone': '13911112222', 'country_id': cn} for number in range(2)]
            )
            env.flush_all()
            parts = []
            for number, (name, card) in enumerate(zip(('first', 'second'), cards, strict=True)):
                part = self._env(env.cr, name)['cs.compensation'].create(
                    {
                        'company_id': self.company_id, 'partner_id': card.id, 'merchant_id': merchant.id, 'amount': 600,
                        'contract_ref': f"{self.company_id}-{number}", 'contract_amount': 5000, 'description': "x",
                        'basis_id': env.ref('cs_center.basis_contract').id,
                    }
                )
                parts.append(part.id)
            return dict(zip(('first', 'second'), parts, strict=True))

    def test_at_once(self):
        parts, told = self._parts(), {}

        def submit(name):
            with closing(self.registry.cursor()) as cr:
                cr.execute("SELECT state FROM cs_compensation WHERE id = ANY(%s)", [list(parts.values())])
                self.together()
                env = self._env(cr, name)

                def press():
                    env['cs.compensation'].browse(parts[name]).action_submit()
                    env.flush_all()

                try:
                    retrying(press, api.Environment(cr, self.user_ids[name], {}))
                    cr.commit()
                except Exception as error:
                    told[name] = error

        self._at_once(submit, *parts)
        self.assertEqual(told, {})
        steps = self._rows(
            "SELECT compensation_id, count(*) FROM cs_approval WHERE compensation_id = ANY(%s) GROUP BY 1 ORDER BY 2",
            list(parts.values()),
        )
        self.assertEqual([count for _id, count in steps], [1, 2])
