using System.Diagnostics.CodeAnalysis;
using Internal.Runtime;

namespace System;

/// <summary>Refers to an object without keeping it alive.</summary>
public class WeakReference
{
    private nint handle;

    /// <summary>Refers to the object until it dies.</summary>
    public WeakReference(object? target)
        : this(target, false)
    {
    }

    /// <summary>Refers to the object until it dies, or until its finalizer has let go of it as well.</summary>
    public WeakReference(object? target, bool trackResurrection)
    {
        TrackResurrection = trackResurrection;
        handle = HandleTable.AllocateWeak(target, trackResurrection ? WeakKind.Long : WeakKind.Short);
    }

    /// <summary>Gives the handle back.</summary>
    ~WeakReference() => HandleTable.Release(handle);

    /// <summary>Does it follow the object through its finalizer?</summary>
    public virtual bool TrackResurrection { get; }

    /// <summary>Is the object still there?</summary>
    public virtual bool IsAlive => Target != null;

    /// <summary>The object, or null if it has died.</summary>
    public virtual object? Target
    {
        get => HandleTable.Get(handle);
        set => HandleTable.Set(handle, value);
    }
}

/// <summary>Refers to an object without keeping it alive.</summary>
public sealed class WeakReference<T> where T : class?
{
    private nint handle;

    /// <summary>Refers to the object until it dies.</summary>
    public WeakReference(T target)
        : this(target, false)
    {
    }

    /// <summary>Refers to the object until it dies, or until its finalizer has let go of it as well.</summary>
    public WeakReference(T target, bool trackResurrection) =>
        handle = HandleTable.AllocateWeak(target, trackResurrection ? WeakKind.Long : WeakKind.Short);

    /// <summary>Gives the handle back.</summary>
    ~WeakReference() => HandleTable.Release(handle);

    /// <summary>The object, if it is still there.</summary>
    public bool TryGetTarget([MaybeNullWhen(false), NotNullWhen(true)] out T target)
    {
        object? o = HandleTable.Get(handle);
        target = Runtime.CompilerServices.Unsafe.As<T>(o)!;
        return o != null;
    }

    /// <summary>Refers to another object.</summary>
    public void SetTarget(T target) => HandleTable.Set(handle, target);
}
