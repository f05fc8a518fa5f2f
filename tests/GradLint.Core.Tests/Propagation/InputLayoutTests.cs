using GradLint.Core.Model;
using GradLint.Core.Propagation;

namespace GradLint.Core.Tests.Propagation;

/// <summary>What enters the model is told from layers that may come late.</summary>
public class InputLayoutTests
{
    [Fact(Timeout = 20_000)]
    public async Task ForksBeforeTheFirstLayer_AreLookedAtOnce()
    {
        var model = new TestModel();
        for (var i = 0; i < 200; i++)
            model.Apply(LayerKind.Negate, [model.Last]).Apply(LayerKind.Add, [model.Last - 1, model.Last]);
        var prediction = await Task.Run(() => Predictor.Predict(model.Linear(8, 2).Build(), PredictionOptions.Default), TestContext.Current.CancellationToken);

        Assert.NotEqual(["the shape of the input cannot be told from the layers it enters"], prediction.Unknown.Select(reason => reason.Text));
    }

    [Fact(Timeout = 20_000)]
    public async Task LongWayToTheFirstLayer_IsNoDeepRecursion()
    {
        var model = new TestModel();
        for (var i = 0; i < 20_000; i++)
            model.Apply(LayerKind.Negate, [model.Last]);
        var prediction = await Task.Run(() => Predictor.Predict(model.Linear(8, 2).Build(), PredictionOptions.Default), TestContext.Current.CancellationToken);

        Assert.True(prediction.IsKnown);
    }
}
