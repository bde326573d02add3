"""What the simulator is compared with: a plain program, moment equations, quadrature, the limit's expansion."""
