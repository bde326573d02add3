use super::*;
use crate::model::{Recipients, Transmits};
use crate::rate::Rate;
use crate::stimulus::Pulse;

fn model(rate: Rate, transmits: Transmits) -> Model {
    Model::new(0.3, 1.0, 0.1, rate, transmits, Recipients::Others).unwrap()
}

fn end(model: &Model, law: &InitialLaw, stimulus: &Stimulus, t_end: f64) -> [f64; MEANS] {
    let options = Options::new(1e-11, 1e-14).unwrap();
    let path = solve_limit(model, law, stimulus, t_end, &options).unwrap();
    path.y_end()[..MEANS].try_into().unwrap()
}

#[test]
fn a_constant_rate_gives_the_closed_form() {
    let model = model(Rate::constant(0.7).unwrap(), Transmits::After);
    let law = InitialLaw::atoms(&[0.0, 4.0], &[1.0, 3.0], &[3.0, 1.0]).unwrap();
    let stimulus = Stimulus::new(&[Pulse::new(1.0, 3.0, 2.0).unwrap()]).unwrap();
    let [u, r, v] = end(&model, &law, &stimulus, 5.0);
    // r = a + (r₀ − a)e^{−λt} with a = φ/λ; u by variation of constants.
    let a = 7.0;
    assert!((r - (a + (1.5 - a) * (-0.5_f64).exp())).abs() < 1e-10);
    let shot = 3.5 * (1.0 - (-1.0_f64).exp());
    assert!((v - (shot + 0.75 * (-1.0_f64).exp())).abs() < 1e-10);
    let drive = 0.3 * 0.7 * ((a + 1.0) * (1.0 - (-5.0_f64).exp()));
    let fading = 0.3 * 0.7 * (1.5 - a) * ((-0.5_f64).exp() - (-5.0_f64).exp()) / 0.9;
    let pulse = 2.0 * ((-2.0_f64).exp() - (-4.0_f64).exp());
    assert!((u - ((-5.0_f64).exp() + drive + fading + pulse)).abs() < 1e-10);
}

#[test]
fn equal_atoms_are_one() {
    let model = model(Rate::hill(1.0, 1.0, 4.0, 0.0).unwrap(), Transmits::Before);
    let many = InitialLaw::atoms(&[2.0; 5], &[9.0; 5], &[0.2; 5]).unwrap();
    let none = Stimulus::default();
    assert_eq!(many.mean(), (2.0, 9.0));
    assert_eq!(
        end(&model, &many, &none, 30.0),
        end(&model, &InitialLaw::point(2.0, 9.0).unwrap(), &none, 30.0)
    );
}

#[test]
fn a_cloud_of_close_starts_is_close_to_its_mean() {
    let model = model(Rate::hill(1.0, 1.0, 4.0, 0.0).unwrap(), Transmits::Before);
    let close = InitialLaw::atoms(&[2.0 - 1e-5, 2.0 + 1e-5], &[9.0, 9.0], &[1.0, 1.0]).unwrap();
    let none = Stimulus::default();
    let one = end(&model, &InitialLaw::point(2.0, 9.0).unwrap(), &none, 30.0);
    for (a, b) in end(&model, &close, &none, 30.0).into_iter().zip(one) {
        assert!((a - b).abs() < 1e-8);
    }
}

#[test]
fn a_blow_up_names_its_time() {
    let model = Model::new(
        1.0,
        1.0,
        1.0,
        Rate::linear(2.0, 0.0).unwrap(),
        Transmits::Before,
        Recipients::Others,
    )
    .unwrap();
    let law = InitialLaw::point(9.0, 9.0).unwrap();
    let error =
        solve_limit(&model, &law, &Stimulus::default(), 10.0, &Options::default()).unwrap_err();
    let LimitError::Ode(OdeError::NotFinite { t } | OdeError::StepTooSmall { t }) = error else {
        panic!("{error}");
    };
    assert!(t > 0.0 && t < 1.0);
}

#[test]
fn bad_laws_are_refused() {
    assert!(InitialLaw::point(-1.0, 0.0).is_err());
    assert!(InitialLaw::point(0.0, f64::NAN).is_err());
    assert!(InitialLaw::atoms(&[1.0, 2.0], &[1.0], &[1.0, 1.0]).is_err());
    assert!(InitialLaw::atoms(&[1.0, 2.0], &[1.0, 1.0], &[0.0, 0.0]).is_err());
    assert!(InitialLaw::atoms(&[], &[], &[]).is_err());
}
