using System.Runtime;
using System.Runtime.CompilerServices;
using System.Text;

namespace HaukiOS.Machine;

/// <summary>What the processor says of itself (Intel SDM volume 2, CPUID).</summary>
public static unsafe class Processor
{
    private const uint VendorLeaf = 0;
    private const uint SignatureLeaf = 1;
    private const uint HighestExtendedLeaf = 0x8000_0000;
    private const uint FirstNameLeaf = 0x8000_0002;
    private const uint LastNameLeaf = 0x8000_0004;

    /// <summary>Its own name for itself; of one that has none, its maker and signature.</summary>
    public static string Name
    {
        get
        {
            Leaf leaf;
            StringBuilder name = new();
            Read(HighestExtendedLeaf, &leaf);
            if (leaf.A >= LastNameLeaf)
            {
                for (uint number = FirstNameLeaf; number <= LastNameLeaf; number++)
                {
                    Read(number, &leaf);
                    Append(name, leaf.A);
                    Append(name, leaf.B);
                    Append(name, leaf.C);
                    Append(name, leaf.D);
                }

                string own = name.ToString().Trim();
                if (own.Length > 0)
                {
                    return own;
                }
            }

            Read(VendorLeaf, &leaf);
            Append(name, leaf.B);
            Append(name, leaf.D);
            Append(name, leaf.C);
            Read(SignatureLeaf, &leaf);
            return $"{name} {leaf.A:x}";
        }
    }

    /// <summary>Leaf 1, EDX: what it can do.</summary>
    public static uint Features
    {
        get
        {
            Leaf leaf;
            Read(SignatureLeaf, &leaf);
            return leaf.D;
        }
    }

    /// <summary>Four characters, the first in the lowest byte.</summary>
    private static void Append(StringBuilder name, uint characters)
    {
        for (int shift = 0; shift < 32; shift += 8)
        {
            char character = (char)(byte)(characters >> shift);
            if (character is >= ' ' and < (char)0x7F)
            {
                name.Append(character);
            }
        }
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiCpuid")]
    private static extern void Read(uint leaf, Leaf* into);

    private struct Leaf
    {
        public uint A;
        public uint B;
        public uint C;
        public uint D;
    }
}
