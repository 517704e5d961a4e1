from .center_case import CsCenterCommon

# a row of all malls, for models of which the add-on brings none
VALUES = {
    'cs.open.day': {'date': '2027-02-14'},
    'cs.return.terms': {},
    'cs.revisit.terms': {},
    'cs.approval.terms': {},
}
# a mall has one row of these
ALONE = ('cs.return.terms', 'cs.revisit.terms', 'cs.approval.terms', 'cs.handling.level', 'cs.revisit.plan')
FRESH = {'active': True, 'valid_to': False}
# rows that belong to the mall of another row
PARTS = {
    'cs.promise.member': 'promise_id',
    'cs.revisit.question': 'questionnaire_id',
    'cs.revisit.option': 'question_id.questionnaire_id',
}


class SharedCase(CsCenterCommon):
    """Several malls: people of one, people of all, and a group administrator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_mall = cls._new_company("Other Mall")
        cls.env['cs.floor'].create({'name': "Ground", 'company_id': cls.other_mall.id})
        cls.malls = cls.env['res.company'].browse(cls.env['res.company']._cs_malls_in_use())
        cls.of_one_mall = {
            'manager': cls.manager, 'admin': cls.users['admin'], 'satisfaction': cls.satisfaction,
        }
        cls.keepers = cls._new_users({'all_manager': 'manager', 'all_admin': 'admin', 'the_group': 'group'})
        cls.keepers = {name.partition('_')[2]: user for name, user in cls.keepers.items()}
        cls._give_all_malls(cls.keepers['manager'], cls.keepers['admin'])

    @classmethod
    def _new_company(cls, name, **values):
        company = cls.env['res.company'].create(
            {'name': name, 'currency_id': cls.env.ref('base.CNY').id, 'country_id': cls.env.ref('base.cn').id, **values}
        )
        cls.env.user.company_ids += company
        return company

    def _alone(self):
        """The test mall is the only one left."""
        self.env.flush_all()
        self.env.cr.execute('UPDATE res_company SET active = FALSE WHERE id != %s', [self.company.id])
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    @classmethod
    def _shared_models(cls):
        """The settings of which a row may belong to all malls, and their parts."""
        return [
            cls.env[name]
            for name, model in sorted(cls.env.registry.items())
            if not model._abstract and not model._transient
            and (
                name in PARTS
                or issubclass(model, cls.env.registry['cs.setting.mixin']) and not model._fields['company_id'].required
            )
        ]

    def _shared_rows(self):
        return [self._shared_row(model._name) for model in self._shared_models()]

    def _shared_row(self, name):
        """A row of all malls on which nothing rests."""
        Model = self.env[name].with_context(active_test=False)
        if name == 'cs.promise.member':
            return Model.create({'promise_id': self._shared_row('cs.promise').id, 'merchant_id': self.merchant.id})
        if name in PARTS:
            return self._shared_row('cs.revisit.questionnaire').mapped(
                {'cs.revisit.question': 'question_ids', 'cs.revisit.option': 'question_ids.option_ids'}[name]
            )[:1]
        row = Model.search([('company_id', '=', False)], limit=1)
        if not row:
            return Model.create({'company_id': False, **VALUES[name]})
        if name in ALONE:
            return row
        return row.copy({name: value for name, value in FRESH.items() if name in row._fields})

    def _ways_to_change(self, row):
        field = next(
            name
            for name, field in row._fields.items()
            if field.store and not field.compute and not field.readonly
            and field.type in ('char', 'integer', 'float', 'date', 'selection') and name not in ('parent_path',)
        )
        ways = [('write', {field: row.sudo()[field]}), ('copy',)]
        if 'company_id' in row._fields:
            ways.append(('write', {'company_id': self.company.id}))
            ways.append(('move', {'company_id': False}))
        if 'active' in row._fields:
            ways.append(('action_archive',))
        if row.browse().has_access('unlink'):
            ways.append(('unlink',))
        if hasattr(row, 'action_new_version'):
            ways.append(('action_new_version',))
        return ways

    def _try(self, row, tried):
        """Change a row of all malls in one of these ways, as its user."""
        method, *words = tried
        if method == 'copy':
            values = row.sudo().copy_data()[0]
            if row._name in ALONE:
                row.sudo().unlink()
            row.browse().create(values)
        elif method == 'move':
            if row._name in ALONE:
                row.sudo().search([('company_id', '=', self.company.id)]).unlink()
            row.sudo().company_id = self.company
            row.write(*words)
        else:
            if row._name in ALONE and self.company.id in words[-1:] + [words and words[-1].get('company_id')]:
                row.sudo().search([('company_id', '=', self.company.id)]).unlink()
            getattr(row, method)(*words)
