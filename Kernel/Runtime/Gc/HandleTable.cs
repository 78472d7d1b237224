using System;
using System.Runtime.CompilerServices;

namespace Internal.Runtime;

/// <summary>Weak handles differ in when they let go of an object with a finalizer.</summary>
internal enum WeakKind
{
    /// <summary>Before the finalizer runs.</summary>
    Short = 0,

    /// <summary>When the object is gone for good.</summary>
    Long = 1,
}

/// <summary>
/// Words outside of the heap that refer to objects: strong ones keep their object alive, weak ones become null when
/// it dies. A handle is the address of its slot. Slots are cut from pages that are never given back, and reused.
/// </summary>
internal static unsafe class HandleTable
{
    /// <summary>The most handles at a time.</summary>
    internal const int HandleMax = 65536;

    private const int SlotsPerChunk = 511;

    private enum SlotKind
    {
        WeakShort = WeakKind.Short,
        WeakLong = WeakKind.Long,
        Strong = 2,
        Free = 3,
    }

    private struct Slot
    {
        /// <summary>The object; of a free slot the next free one.</summary>
        internal byte* Object;
        internal SlotKind Kind;
    }

    private struct Chunk
    {
        internal Chunk* Next;
        internal nint Unused;

        internal Slot* Slots => (Slot*)((Chunk*)Unsafe.AsPointer(ref this) + 1);
    }

    private static Chunk* chunks;
    private static Slot* free;
    private static int total;

    /// <summary>A new handle.</summary>
    internal static nint AllocateStrong(object? o) => Allocate(o, SlotKind.Strong);

    /// <summary>A new weak handle.</summary>
    internal static nint AllocateWeak(object? o, WeakKind kind) => Allocate(o, (SlotKind)kind);

    /// <summary>Gives the handle back.</summary>
    internal static void Release(nint handle)
    {
        Preemption.Disabled++;
        var slot = (Slot*)handle;
        slot->Kind = SlotKind.Free;
        slot->Object = (byte*)free;
        free = slot;
        Preemption.Disabled--;
    }

    /// <summary>What the handle refers to.</summary>
    internal static object? Get(nint handle) => Unsafe.As<nint, object?>(ref *(nint*)&((Slot*)handle)->Object);

    /// <summary>Makes the handle refer to another object.</summary>
    internal static void Set(nint handle, object? o) => ((Slot*)handle)->Object = *(byte**)&o;

    /// <summary>Marks what strong handles refer to.</summary>
    internal static void MarkStrong()
    {
        for (Chunk* chunk = chunks; chunk != null; chunk = chunk->Next)
        {
            for (int i = 0; i < SlotsPerChunk; i++)
            {
                if (chunk->Slots[i].Kind == SlotKind.Strong)
                    Marker.MarkObject(chunk->Slots[i].Object);
            }
        }
    }

    /// <summary>Sets the weak handles of a kind to null whose objects have not been marked.</summary>
    internal static void ClearDeadWeak(WeakKind kind)
    {
        for (Chunk* chunk = chunks; chunk != null; chunk = chunk->Next)
        {
            for (int i = 0; i < SlotsPerChunk; i++)
            {
                Slot* slot = chunk->Slots + i;
                if (slot->Kind == (SlotKind)kind && Finalization.IsDead(slot->Object))
                    slot->Object = null;
            }
        }
    }

    private static nint Allocate(object? o, SlotKind kind)
    {
        Preemption.Disabled++;
        if (free == null)
            AddChunk();
        Slot* slot = free;
        if (slot != null)
        {
            free = (Slot*)slot->Object;
            slot->Object = *(byte**)&o;
            slot->Kind = kind;
        }
        Preemption.Disabled--;
        if (slot == null)
            throw OutOfMemory.Instance;
        return (nint)slot;
    }

    private static void AddChunk()
    {
        if (total + SlotsPerChunk > HandleMax)
            return;
        var chunk = (Chunk*)PermanentMemory.TryAllocate(PageHeap.PageSize);
        if (chunk == null)
            return;
        total += SlotsPerChunk;
        chunk->Next = chunks;
        chunks = chunk;
        for (int i = SlotsPerChunk - 1; i >= 0; i--)
        {
            chunk->Slots[i].Kind = SlotKind.Free;
            chunk->Slots[i].Object = (byte*)free;
            free = chunk->Slots + i;
        }
    }
}
