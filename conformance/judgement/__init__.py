"""What checks compare: expectations, controls, conformity with the contract, contract gaps."""
