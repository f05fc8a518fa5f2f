using System;

namespace TorchSharp;

public static partial class torch
{
    public static IDisposable no_grad() => new GradMode(false);
    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);
    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);
    public static bool is_grad_enabled() => Shim.shim_grad_enabled() != 0;

    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);
    public static bool is_inference_mode_enabled() => Shim.shim_inference_enabled() != 0;

    /// <summary>Without a finalizer, as TorchSharp's: a bare <c>torch.no_grad();</c> turns gradients off on its thread for good.</summary>
    private sealed class GradMode : IDisposable
    {
        private readonly bool before = is_grad_enabled();

        public GradMode(bool enabled) => Shim.shim_set_grad_enabled(enabled ? 1 : 0);

        public void Dispose() => Shim.shim_set_grad_enabled(before ? 1 : 0);
    }

    private sealed class InferenceMode(bool mode) : IDisposable
    {
        private nint guard = Shim.shim_inference_enter(mode ? 1 : 0);

        public void Dispose()
        {
            if (guard != 0) Shim.shim_inference_leave(guard);
            guard = 0;
        }
    }
}

/// <summary>While enabled, libtorch keeps the forward trace of each function and, with the check, refuses NaN in backward.</summary>
public class AnomalyMode : IDisposable
{
    private readonly bool enabledBefore = IsEnabled, checkBefore = ShouldCheckNaN;

    public AnomalyMode(bool enabled, bool check_nan = true) => Set(enabled, check_nan);

    public static bool IsEnabled => Shim.shim_anomaly_enabled() != 0;

    public static bool ShouldCheckNaN => Shim.shim_anomaly_checks_nan() != 0;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing) Set(enabledBefore, checkBefore);
    }

    private static void Set(bool enabled, bool checkNaN) => Shim.shim_set_anomaly(enabled ? 1 : 0, checkNaN ? 1 : 0);
}
