using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace System.Runtime.InteropServices;

/// <summary>What a handle does to its object.</summary>
public enum GCHandleType
{
    /// <summary>Does not keep it alive.</summary>
    Weak = 0,

    /// <summary>Does not keep it alive, but follows it through its finalizer.</summary>
    WeakTrackResurrection = 1,

    /// <summary>Keeps it alive.</summary>
    Normal = 2,

    /// <summary>Keeps it alive and in its place, where everything stays anyway.</summary>
    Pinned = 3,
}

/// <summary>A reference to an object that can be kept where the collector does not look.</summary>
public struct GCHandle : IEquatable<GCHandle>
{
    /// <summary>Set for pinned handles: their slots are 8-byte aligned.</summary>
    private const nint PinnedBit = 1;

    private nint handle;

    private GCHandle(nint handle) => this.handle = handle;

    /// <summary>Does it refer to a slot?</summary>
    public readonly bool IsAllocated => handle != 0;

    /// <summary>The object.</summary>
    public object? Target
    {
        readonly get => HandleTable.Get(Slot);
        set => HandleTable.Set(Slot, value);
    }

    private readonly nint Slot
    {
        get
        {
            if (handle == 0)
                throw new InvalidOperationException("Handle is not initialized.");
            return handle & ~PinnedBit;
        }
    }

    /// <summary>A handle that keeps the object alive.</summary>
    public static GCHandle Alloc(object? value) => new(HandleTable.AllocateStrong(value));

    /// <summary>A handle.</summary>
    public static GCHandle Alloc(object? value, GCHandleType type) => type switch
    {
        GCHandleType.Weak => new(HandleTable.AllocateWeak(value, WeakKind.Short)),
        GCHandleType.WeakTrackResurrection => new(HandleTable.AllocateWeak(value, WeakKind.Long)),
        GCHandleType.Normal => new(HandleTable.AllocateStrong(value)),
        GCHandleType.Pinned => new(HandleTable.AllocateStrong(value) | PinnedBit),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>Gives the slot back.</summary>
    public void Free()
    {
        nint slot = Slot;
        handle = 0;
        HandleTable.Release(slot);
    }

    /// <summary>Address of the first element, character or field of a pinned object.</summary>
    public readonly unsafe nint AddrOfPinnedObject()
    {
        if ((handle & PinnedBit) == 0)
            throw new InvalidOperationException("Handle is not pinned.");
        object? o = Target;
        if (o == null)
            return 0;
        ref byte data = ref o.RawData;
        // Arrays and strings have their length first.
        if (o.TypePointer->HasComponentSize)
            data = ref Unsafe.Add(ref data, 4);
        return (nint)Unsafe.AsPointer(ref data);
    }

    /// <summary>The handle as a number.</summary>
    public static nint ToIntPtr(GCHandle value) => value.handle;

    /// <summary>The number as a handle again.</summary>
    public static GCHandle FromIntPtr(nint value) => new(value);

    /// <summary>The handle as a number.</summary>
    public static explicit operator nint(GCHandle value) => value.handle;

    /// <summary>The number as a handle again.</summary>
    public static explicit operator GCHandle(nint value) => new(value);

    /// <inheritdoc/>
    public readonly bool Equals(GCHandle other) => handle == other.handle;

    /// <inheritdoc/>
    public override readonly bool Equals(object? o) => o is GCHandle other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => (int)handle;

    /// <summary>The same slot?</summary>
    public static bool operator ==(GCHandle a, GCHandle b) => a.handle == b.handle;

    /// <summary>Another slot?</summary>
    public static bool operator !=(GCHandle a, GCHandle b) => a.handle != b.handle;
}
