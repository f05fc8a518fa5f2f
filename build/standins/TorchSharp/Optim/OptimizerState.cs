using System;
using System.IO;
using System.Linq;
using System.Reflection;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A group's settings; the settings of an optimizer are the public fields of its own class. Null means: the optimizer's default.</summary>
public class OptimizerOptions
{
    public double? LearningRate { get; set; }

    public double InitialLearningRate { get; set; }

    public virtual void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(InitialLearningRate);
        writer.Write(LearningRate!.Value);
        foreach (var field in OptimizerFields.Of(this))
        {
            if (field.GetValue(this) is bool flag) writer.Write(flag);
            else writer.Write((double)field.GetValue(this)!);
        }
    }

    public virtual void LoadStateDict(BinaryReader reader)
    {
        InitialLearningRate = reader.ReadDouble();
        LearningRate = reader.ReadDouble();
        foreach (var field in OptimizerFields.Of(this))
            field.SetValue(this, field.FieldType == typeof(bool?) ? reader.ReadBoolean() : reader.ReadDouble());
    }

    public virtual void LoadStateDict(OptimizerOptions source)
    {
        InitialLearningRate = source.InitialLearningRate;
        LearningRate = source.LearningRate;
        foreach (var field in OptimizerFields.Of(this)) field.SetValue(this, field.GetValue(source));
    }

    internal void FillFrom(OptimizerOptions defaults)
    {
        LearningRate ??= defaults.LearningRate;
        InitialLearningRate = LearningRate!.Value;
        foreach (var field in OptimizerFields.Of(this))
            if (field.GetValue(this) is null)
                field.SetValue(this, field.GetValue(defaults));
    }
}

/// <summary>What an optimizer remembers of one parameter, in the public fields of its own class: counts, numbers and tensors.</summary>
public abstract class OptimizerState
{
    protected Parameter _parameter;

    protected OptimizerState(Parameter parameter) => _parameter = parameter;

    public abstract void Initialize(OptimizerOptions options);

    public abstract void SaveStateDict(BinaryWriter writer);

    public abstract void LoadStateDict(BinaryReader reader);

    public abstract void LoadStateDict(OptimizerState source);

    public virtual bool ApproximatelyEquals(OptimizerState other) =>
        other.GetType() == GetType() && OptimizerFields.Of(this).All(field => (field.GetValue(this), field.GetValue(other)) switch
        {
            (Tensor mine, Tensor theirs) => mine.allclose(theirs),
            var (mine, theirs) => Equals(mine, theirs),
        });

    public virtual void to(Device device)
    {
        foreach (var field in OptimizerFields.Of(this))
            if (field.GetValue(this) is Tensor tensor)
                field.SetValue(this, tensor.to(device).DetachFromDisposeScope());
    }

    protected static void SaveConditionalStateTensor(BinaryWriter writer, Tensor? tensor)
    {
        writer.Write(tensor is not null);
        tensor?.Save(writer);
    }

    protected static void LoadConditionalStateTensor(BinaryReader reader, ref Tensor? result, Device device)
    {
        result?.Dispose();
        result = null;
        if (!reader.ReadBoolean()) return;
        using var loaded = TensorExtensionMethods.Load(reader);
        result = loaded.to(device, copy: true).DetachFromDisposeScope();
    }

    private protected Tensor Zeros() => zeros_like(_parameter).DetachFromDisposeScope();

    /// <summary>Disposes the old tensors, for a new start.</summary>
    private protected void Clear()
    {
        foreach (var field in OptimizerFields.Of(this))
            if (field.GetValue(this) is Tensor tensor)
            {
                tensor.Dispose();
                field.SetValue(this, null);
            }
    }

    private protected void Write(BinaryWriter writer)
    {
        foreach (var field in OptimizerFields.Of(this))
        {
            if (field.FieldType == typeof(long)) writer.Write((long)field.GetValue(this)!);
            else if (field.FieldType == typeof(double)) writer.Write((double)field.GetValue(this)!);
            else if (OptimizerFields.IsOptional(field)) SaveConditionalStateTensor(writer, (Tensor?)field.GetValue(this));
            else ((Tensor)field.GetValue(this)!).Save(writer);
        }
    }

    private protected void Read(BinaryReader reader)
    {
        foreach (var field in OptimizerFields.Of(this))
        {
            if (field.FieldType == typeof(long)) field.SetValue(this, reader.ReadInt64());
            else if (field.FieldType == typeof(double)) field.SetValue(this, reader.ReadDouble());
            else if (OptimizerFields.IsOptional(field))
            {
                var tensor = (Tensor?)field.GetValue(this);
                LoadConditionalStateTensor(reader, ref tensor, _parameter.device);
                field.SetValue(this, tensor);
            }
            else ((Tensor)field.GetValue(this)!).Load(reader);
        }
    }

    private protected void Copy(OptimizerState source)
    {
        foreach (var field in OptimizerFields.Of(this))
        {
            (field.GetValue(this) as Tensor)?.Dispose();
            var value = field.GetValue(source);
            field.SetValue(this, value is Tensor tensor ? tensor.to(_parameter.device, copy: true).DetachFromDisposeScope() : value);
        }
    }
}

internal static class OptimizerFields
{
    /// <summary>The fields in the order of their declaration, which files depend on.</summary>
    internal static FieldInfo[] Of(object owner) =>
        owner.GetType().GetFields(BindingFlags.Public | BindingFlags.Instance).OrderBy(field => field.MetadataToken).ToArray();

    /// <summary>Whether a tensor may be null, so that files say whether it is there.</summary>
    internal static bool IsOptional(FieldInfo field) => new NullabilityInfoContext().Create(field).ReadState == NullabilityState.Nullable;
}
