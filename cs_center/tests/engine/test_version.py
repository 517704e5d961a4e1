from datetime import date, timedelta

from freezegun import freeze_time

from ..common.center_case import CsCenterCommon

TODAY = date(2026, 3, 2)


class TestVersion(CsCenterCommon):
    """Whatever is kept in dated versions goes on from one to the next, without a gap and without two at once."""

    def _rules(self, **values):
        """A rule of each kind, as it may be kept by the manager of the mall."""
        common = {'name': "Rule", 'company_id': self.company.id, **values}
        basis = {'basis': "By promise"}
        for model, more in (
            ('cs.promise', {'kind': 'other', 'terms': "As shown"}),
            ('cs.return.policy', {'reason': 'defect', 'remedy_repair': True, **basis}),
            ('cs.compensation.basis', basis),
            ('cs.revisit.questionnaire', {'kind': 'manual'}),
        ):
            yield self.env[model].with_user(self.manager).create({**common, **more})

    def _next(self, rule):
        return rule.browse(rule.action_new_version()['res_id'])

    @freeze_time(f'{TODAY} 04:00:00')
    def test_a_rule_of_long_ago_ends_yesterday(self):
        for rule in self._rules(valid_from=TODAY - timedelta(days=30)):
            with self.subTest(model=rule._name):
                version = self._next(rule)
                self.assertEqual((version.valid_from, version.valid_to), (TODAY, False))
                self.assertEqual(rule.valid_to, TODAY - timedelta(days=1))

    @freeze_time(f'{TODAY} 04:00:00')
    def test_a_rule_of_today_counts_to_its_end(self):
        for rule in self._rules(valid_from=TODAY):
            with self.subTest(model=rule._name):
                version = self._next(rule)
                self.assertEqual(version.valid_from, TODAY + timedelta(days=1))
                self.assertEqual(rule.valid_to, TODAY)

    @freeze_time(f'{TODAY} 04:00:00')
    def test_a_rule_that_ended_stays_ended(self):
        ended = TODAY - timedelta(days=10)
        for rule in self._rules(valid_from=TODAY - timedelta(days=30), valid_to=ended):
            with self.subTest(model=rule._name):
                self.assertEqual(self._next(rule).valid_from, TODAY)
                self.assertEqual(rule.valid_to, ended)
