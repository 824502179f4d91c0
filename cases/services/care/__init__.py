"""The duty of care (zorgplicht): article 2 ECHR, who is responsible, what was agreed with the person."""
