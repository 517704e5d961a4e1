from odoo import fields, models


class CsRevisitAnswer(models.Model):
    """What the customer answered to one question, in the words of the version that was asked."""

    _name = 'cs.revisit.answer'
    _description = "Answer in a Revisit"
    _inherit = ['cs.case.shield.mixin', 'cs.note.mixin']
    _order = 'revisit_id, id'
    _rec_name = 'revisit_id'
    _shield_fields = ('revisit_id',)

    revisit_id = fields.Many2one('cs.revisit', required=True, readonly=True, index=True, ondelete='cascade')
    question_id = fields.Many2one(
        'cs.revisit.question', string="Question Asked", required=True, readonly=True, index=True, ondelete='restrict'
    )
    option_id = fields.Many2one(
        'cs.revisit.option', string="Answer", required=True, readonly=True, index=True, ondelete='restrict'
    )
    score = fields.Integer(related='option_id.score', store=True, aggregator='avg')

    _once = models.UniqueIndex('(revisit_id, question_id)', "Each question is answered once.")
