"""FootholdSearchCV beside the searches of scikit-learn: the same interface, the same checks."""

import pickle
import warnings

import numpy as np
import pytest
from joblib import parallel_backend
from scipy import stats
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, make_classification
from sklearn.exceptions import FitFailedWarning, NotFittedError
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GroupKFold, cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.estimator_checks import parametrize_with_checks

from foothold import Categorical, Real
from foothold.errors import InvalidArgumentError
from foothold.sklearn import FootholdSearchCV

X, Y = load_iris(return_X_y=True)
C = {"C": Real(1e-3, 1e3, log=True)}


@parametrize_with_checks(
    [FootholdSearchCV(LogisticRegression(), {"C": (0.1, 10.0)}, n_iter=2, cv=2, random_state=0)]
)
def test_scikit_learn_s_checks(estimator, check):
    check(estimator)


def test_has_the_attributes_of_a_search_and_the_scores_of_cross_validation():
    pipeline = make_pipeline(StandardScaler(), SVC())
    space = {"svc__C": stats.loguniform(1e-2, 1e3), "svc__gamma": stats.loguniform(1e-4, 1e1), "svc__kernel": ["rbf", "linear"]}
    search = FootholdSearchCV(pipeline, space, n_iter=8, cv=5, random_state=1, return_train_score=True).fit(X, Y)
    results = search.cv_results_
    best = search.best_index_
    assert search.best_params_ == results["params"][best] and set(search.best_params_) == set(space)
    assert search.best_score_ == results["mean_test_score"][best] and results["rank_test_score"][best] == 1
    folds = [results[f"split{fold}_test_score"][best] for fold in range(5)]
    assert folds == cross_val_score(clone(pipeline).set_params(**search.best_params_), X, Y, cv=5).tolist()
    assert search.n_splits_ == 5 and results["n_folds"][best] == 5
    assert search.n_fits_ == results["n_folds"].sum() <= 40
    assert search.score(X, Y) > 0.95 and search.predict(X[:3]).shape == (3,)
    assert isinstance(search.best_estimator_, Pipeline) and search.classes_.tolist() == [0, 1, 2]
    assert {"mean_fit_time", "std_score_time", "mean_train_score", "param_svc__C"} <= set(results)
    assert {len(of) for of in results.values()} == {len(results["params"])}
    assert pickle.loads(pickle.dumps(search)).best_params_ == search.best_params_


def test_candidates_that_are_behind_get_fewer_folds_and_the_fits_go_to_others():
    x, y = load_breast_cancer(return_X_y=True)
    tree = DecisionTreeClassifier(random_state=0)
    space = {"max_depth": (1, 12), "min_samples_leaf": (1, 200)}
    search = FootholdSearchCV(tree, space, n_iter=8, cv=6, random_state=2).fit(x, y)
    results, folds = search.cv_results_, search.cv_results_["n_folds"]
    assert search.n_fits_ == 48 and len(folds) > 8 and folds.min() < 6
    behind = folds < 6
    assert np.isnan(results["split5_test_score"][behind]).all()
    assert np.isfinite(results["mean_test_score"]).all()
    assert results["rank_test_score"][behind].min() > results["rank_test_score"][~behind].max()
    every = FootholdSearchCV(tree, space, n_iter=8, cv=6, random_state=2, prune=False).fit(x, y)
    assert every.cv_results_["n_folds"].tolist() == [6] * 8


def test_a_regressor_with_an_inner_optimum():
    x, y = load_diabetes(return_X_y=True)
    search = FootholdSearchCV(Ridge(), {"alpha": Real(1e-5, 1e5, log=True)}, n_iter=12, cv=5, random_state=0).fit(x, y)
    grid = max(cross_val_score(Ridge(alpha=alpha), x, y, cv=5).mean() for alpha in np.logspace(-5, 5, 41))
    assert search.best_score_ > grid - 1e-3
    assert search.predict(x[:2]).shape == (2,)


def test_the_same_random_state_is_the_same_search():
    def params(state):
        search = FootholdSearchCV(LogisticRegression(), C, n_iter=4, cv=3, random_state=state)
        return search.fit(X, Y).cv_results_["params"]

    assert params(3) == params(3) != params(4)


def test_several_metrics_optimize_that_of_refit():
    search = FootholdSearchCV(
        LogisticRegression(), C, n_iter=6, cv=3, random_state=0, prune=False, scoring=["accuracy", "neg_log_loss"], refit="neg_log_loss"
    ).fit(X, Y)
    means = search.cv_results_["mean_test_neg_log_loss"]
    assert search.multimetric_ and search.best_score_ == means.max()
    assert search.study_.best().value == pytest.approx(means.max())
    assert "rank_test_accuracy" in search.cv_results_


def test_groups_and_weights_go_where_they_belong():
    x, y = make_classification(120, random_state=0)
    groups = np.repeat(np.arange(12), 10)
    search = FootholdSearchCV(LogisticRegression(), C, n_iter=3, cv=GroupKFold(4), random_state=0)
    search.fit(x, y, groups=groups, sample_weight=np.ones(120))
    assert search.n_splits_ == 4 and search.best_score_ > 0.5


def test_jobs_evaluate_candidates_at_the_same_time():
    search = FootholdSearchCV(LogisticRegression(), C, n_iter=6, cv=3, random_state=0, n_jobs=2).fit(X, Y)
    assert search.n_fits_ <= 18 and search.best_score_ > 0.9


def test_choices_may_be_estimators():
    space = {"scale": Categorical([StandardScaler(), "passthrough"]), "model__C": (0.1, 10.0)}
    pipeline = Pipeline([("scale", StandardScaler()), ("model", LogisticRegression(max_iter=1000))])
    search = FootholdSearchCV(pipeline, space, n_iter=4, cv=3, random_state=0).fit(X, Y)
    assert search.best_score_ > 0.9


def test_a_fit_that_fails_is_no_end():
    space = {"C": [1.0, -1.0, 10.0], "fit_intercept": [True, False]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", (FitFailedWarning))
        warnings.simplefilter("ignore", UserWarning)
        search = FootholdSearchCV(LogisticRegression(), space, n_iter=6, cv=3, random_state=0, sampler="grid").fit(X, Y)
    failed = [params["C"] < 0 for params in search.cv_results_["params"]]
    assert any(failed) and np.isnan(search.cv_results_["mean_test_score"])[failed].all()
    assert search.best_params_["C"] > 0
    assert {trial.reason for trial in search.study_.trials() if trial.state == "failed"} == {"a score is not finite"}
    with pytest.raises(ValueError, match="C"):
        FootholdSearchCV(LogisticRegression(), space, cv=3, sampler="grid", error_score="raise").fit(X, Y)


@pytest.mark.parametrize("scoring", [None, ["accuracy", "neg_log_loss"]])
def test_a_fit_that_fails_counts_with_error_score_however_many_candidates_run_at_a_time(scoring):
    def outcomes(n_jobs):
        search = FootholdSearchCV(
            LogisticRegression(), {"C": [1.0, -1.0, 10.0, -2.0]}, n_iter=4, cv=3, random_state=0, sampler="grid", prune=False,
            error_score=0.0, n_jobs=n_jobs, scoring=scoring, refit="accuracy" if scoring else True,
        )  # fmt: skip
        with warnings.catch_warnings(), parallel_backend("threading"):
            warnings.simplefilter("ignore", FitFailedWarning)
            search.fit(X, Y)
        assert search.n_fits_ == 12
        means = search.cv_results_["mean_test_accuracy" if scoring else "mean_test_score"]
        return {trial.params["C"]: (trial.state, trial.value, mean) for trial, mean in zip(search.study_.trials(), means)}

    one = outcomes(1)
    assert one == outcomes(4)
    assert one[-1.0] == one[-2.0] == ("complete", 0.0, 0.0)
    assert one[1.0][1] > 0.9


def test_ends_where_a_finite_space_does():
    search = FootholdSearchCV(LogisticRegression(), {"C": [0.1, 1.0, 10.0]}, n_iter=9, cv=3, random_state=0).fit(X, Y)
    assert sorted(params["C"] for params in search.cv_results_["params"]) == [0.1, 1.0, 10.0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"param_distributions": {"C": stats.norm(0, 1)}}, "C is the distribution 'norm', allowed is uniform"),
        ({"param_distributions": {}}, "space is {}, allowed is a dictionary"),
        ({"n_iter": 0}, "n_iter"),
        ({"p_threshold": 1.5}, "p_threshold"),
    ],
)
def test_what_is_wrong_is_named(options, message):
    given = {"param_distributions": C, "cv": 3, **options}
    with pytest.raises(ValueError, match=message) as caught:
        FootholdSearchCV(LogisticRegression(), **given).fit(X, Y)
    assert not isinstance(caught.value, InvalidArgumentError) or caught.value.code == "InvalidArgumentError"


def test_needs_a_fit_first():
    with pytest.raises(NotFittedError):
        FootholdSearchCV(LogisticRegression(), C).predict(X)


def test_a_share_of_one_stays_a_float():
    # 1.0 means all features, 1 means one of them.
    space = {"max_features": [0.5, 1.0], "min_impurity_decrease": Real(0, 1)}
    search = FootholdSearchCV(DecisionTreeClassifier(random_state=0), space, n_iter=4, prune=False, cv=2, random_state=0)
    search.fit(X, Y)
    for params in search.cv_results_["params"]:
        assert [type(value) for value in params.values()] == [float, float]
    assert {params["max_features"] for params in search.cv_results_["params"]} == {0.5, 1.0}
