using System.Runtime.CompilerServices;
using Internal.Runtime.CompilerHelpers;

namespace Internal.Runtime;

/// <summary>Brings the runtime to life: after this, ordinary C# works.</summary>
public static unsafe class Startup
{
    /// <summary>In the word of a statics block: its object has not been made yet.</summary>
    private const int StaticsUninitialized = 1;

    /// <summary>In the word of a statics block: a second word leads to the first values of the fields.</summary>
    private const int StaticsHaveData = 2;

    /// <summary>
    /// Prepares the heap, the static bases and the frozen objects, then runs the static constructors that must run
    /// early. The boot thread must be registered (<see cref="RuntimeThread.Register"/>) before.
    /// </summary>
    /// <param name="heapStart">First address of the heap's range, page aligned.</param>
    /// <param name="heapReservedBytes">Length of the range, a multiple of the page size.</param>
    /// <param name="commit">
    /// Backs (address, bytes) with memory, or says that there is none left. The pages may hold anything.
    /// </param>
    /// <param name="decommit">Takes the memory of (address, bytes) back.</param>
    public static void Initialize(
        nuint heapStart,
        nuint heapReservedBytes,
        delegate*<nuint, nuint, bool> commit,
        delegate*<nuint, nuint, void> decommit)
    {
        if (RuntimeThread.Current == null)
            FatalError.Fail("the runtime was started before the boot thread was registered");
        ModuleTables.Initialize();
        GcHeap.Initialize(heapStart, heapReservedBytes, commit, decommit);
        var slot = (TypeManagerSlot*)ModuleTables.Find(ModuleTables.Section.TypeManagerIndirection, out _);
        if (slot != null)
            slot->TypeManager = (nint)ModuleTables.Header;
        FrozenObjects.Initialize();
        MakeStaticBases();
        OutOfMemory.Prepare();
        RunEagerConstructors();
    }

    /// <summary>
    /// Each class with static references has a block in the image; its first word leads to the type of the object
    /// that is to hold them, and is replaced by the address of that object.
    /// </summary>
    private static void MakeStaticBases()
    {
        byte* section = ModuleTables.Find(ModuleTables.Section.GcStatics, out uint length);
        for (int* at = (int*)section; at < (int*)(section + length); at++)
        {
            int* block = (int*)((byte*)at + *at);
            int word = *block;
            if ((word & StaticsUninitialized) == 0)
                continue;
            var type = (MethodTable*)((byte*)block + (word & ~(StaticsUninitialized | StaticsHaveData)));
            object statics = ObjectAllocator.New(type);
            if ((word & StaticsHaveData) != 0)
            {
                int* second = block + 1;
                byte* data = (byte*)second + *second;
                System.SpanHelpers.Memmove(ref statics.RawData, ref *data, type->BaseSize - MethodTable.ObjectOverhead);
            }
            *(nint*)block = *(nint*)&statics;
        }
    }

    private static void RunEagerConstructors()
    {
        byte* section = ModuleTables.Find(ModuleTables.Section.EagerConstructors, out uint length);
        for (uint offset = 0; offset < length; offset += 4)
            (*(delegate*<void>*)(section + offset))();
    }
}
