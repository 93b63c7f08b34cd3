"""What every widget is built from: live state, one bundle of scripts, formulas, small parts."""
