using System;
using System.Runtime.CompilerServices;

namespace Internal.Runtime;

/// <summary>
/// Objects with finalizers. All of them are registered when made; a collection that finds one dead keeps it once
/// more, as pending; the event loop calls <see cref="RunPending"/> when it has time.
/// </summary>
public static unsafe class Finalization
{
    private const int EntriesPerChunk = 1022;

    private struct Chunk
    {
        internal Chunk* Next;
        internal int Count;

        internal nint* Entries => (nint*)((Chunk*)Unsafe.AsPointer(ref this) + 1);
    }

    private static Chunk* registered;
    private static Chunk* pending;
    private static Chunk* spare;

    /// <summary>Is there a finalizer to run?</summary>
    public static bool HasPending => pending != null;

    /// <summary>
    /// Runs finalizers of dead objects. An exception that one throws comes out here; the rest stays pending.
    /// </summary>
    /// <param name="most">How many to run at most.</param>
    /// <returns>How many ran.</returns>
    public static int RunPending(int most)
    {
        int ran = 0;
        for (; ran < most && pending != null; ran++)
        {
            Preemption.Disabled++;
            // Another thread may have taken the last one since the look above.
            byte* address = pending != null ? Take(ref pending) : null;
            Preemption.Disabled--;
            if (address == null)
                break;
            object o = *(object*)&address;
            if (!ObjectHeader.IsFinalizerSuppressed(o))
                ((delegate*<object, void>)o.TypePointer->Finalizer)(o);
        }
        return ran;
    }

    /// <summary>Remembers a new object with a finalizer.</summary>
    internal static void Register(object o)
    {
        Preemption.Disabled++;
        bool added = Add(ref registered, *(byte**)&o);
        Preemption.Disabled--;
        if (!added)
            throw OutOfMemory.Instance;
    }

    /// <summary>An object of the heap that the collection under way has not found?</summary>
    internal static bool IsDead(byte* o) =>
        o >= PageHeap.ObjectsStart && o < PageHeap.Frontier && !MarkBits.IsMarked(o - 4);

    /// <summary>Marks the objects whose finalizers have yet to run.</summary>
    internal static void MarkPending()
    {
        for (Chunk* chunk = pending; chunk != null; chunk = chunk->Next)
        {
            for (int i = 0; i < chunk->Count; i++)
                Marker.MarkObject((byte*)chunk->Entries[i]);
        }
    }

    /// <summary>
    /// Takes dead objects out of the register; those with a finalizer still to run live on as pending.
    /// </summary>
    internal static void MoveDeadToPending()
    {
        Chunk* all = registered;
        registered = null;
        while (all != null)
        {
            byte* o = Take(ref all);
            if (!IsDead(o))
            {
                Add(ref registered, o);
                continue;
            }
            if (ObjectHeader.IsFinalizerSuppressed(*(object*)&o))
                continue;
            Add(ref pending, o);
        }
        // Marked only now: of two dead objects both are finalized, even if one refers to the other.
        MarkPending();
    }

    private static bool Add(ref Chunk* list, byte* o)
    {
        if (list == null || list->Count == EntriesPerChunk)
        {
            Chunk* chunk = spare;
            if (chunk != null)
                spare = chunk->Next;
            else
                chunk = (Chunk*)PermanentMemory.TryAllocate(PageHeap.PageSize);
            if (chunk == null)
                return false;
            chunk->Count = 0;
            chunk->Next = list;
            list = chunk;
        }
        list->Entries[list->Count++] = (nint)o;
        return true;
    }

    private static byte* Take(ref Chunk* list)
    {
        byte* o = (byte*)list->Entries[--list->Count];
        if (list->Count == 0)
        {
            Chunk* emptied = list;
            list = emptied->Next;
            emptied->Next = spare;
            spare = emptied;
        }
        return o;
    }
}
