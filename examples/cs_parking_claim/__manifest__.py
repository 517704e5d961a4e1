{
    'name': "Parking Claims (Example)",
    'summary': "A kind of case of its own: the example of the recipe in docs/design.md",
    'version': '19.0.1.0.0',
    'category': 'Services/Customer Service',
    'author': "cs_center",
    'license': 'LGPL-3',
    'depends': ['cs_center'],
    'data': [
        'security/ir.model.access.csv',
        'security/cs_parking_claim_rules.xml',
        'data/cs_parking_claim_data.xml',
        'report/cs_parking_claim_reports.xml',
        'views/cs_parking_claim_views.xml',
    ],
}
