"""People and who may act for them: clinics, accounts, patients, care relationships, audit."""
