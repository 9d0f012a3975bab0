"""People and who may act for them: clinics, accounts, patients, relationships, audit."""
