namespace Internal.Runtime;

/// <summary>
/// The tables that the compiler hands to the runtime, behind a ready-to-run header: 'RTR', version, flags, section
/// count (u16 at 12), entry size (u8 at 14), then the entries.
/// </summary>
internal static unsafe class ModuleTables
{
    /// <summary>Sections by the compiler's numbers.</summary>
    internal enum Section
    {
        GcStatics = 201,
        ThreadStatics = 202,
        TypeManagerIndirection = 204,
        EagerConstructors = 205,
        FrozenObjects = 206,
    }

    private struct Entry
    {
        internal int Id;
        internal int Flags;
        internal byte* Start;
        internal byte* End;
    }

    private const uint HeaderSignature = 0x0052_5452;

    private static byte* header;

    /// <summary>The header; there is one, for the whole image is compiled together.</summary>
    internal static byte* Header => header;

    /// <summary>Number of classes with thread statics.</summary>
    internal static int ThreadStaticTypeCount
    {
        get
        {
            Find(Section.ThreadStatics, out uint length);
            return (int)(length / 4);
        }
    }

    /// <summary>Finds the header.</summary>
    internal static void Initialize()
    {
        byte** modules = NativeSymbols.ModulesStart();
        byte** end = NativeSymbols.ModulesEnd();
        while (modules < end && *modules == null)
            modules++;
        if (modules == end || *(uint*)*modules != HeaderSignature)
            FatalError.Fail("the image has no ready-to-run header");
        header = *modules;
    }

    /// <summary>A section and its length; null if the image has none.</summary>
    internal static byte* Find(Section section, out uint length)
    {
        int count = *(ushort*)(header + 12);
        int entrySize = header[14];
        byte* at = header + 16;
        for (int i = 0; i < count; i++, at += entrySize)
        {
            var entry = (Entry*)at;
            if (entry->Id != (int)section)
                continue;
            length = (entry->Flags & 1) != 0 ? (uint)(entry->End - entry->Start) : 4;
            return entry->Start;
        }
        length = 0;
        return null;
    }

    /// <summary>The type whose objects hold one class's thread statics.</summary>
    internal static MethodTable* ThreadStaticType(int index) =>
        ((MethodTable**)Find(Section.ThreadStatics, out _))[index];
}
