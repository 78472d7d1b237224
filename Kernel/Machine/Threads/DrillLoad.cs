using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace HaukiOS.Machine;

/// <summary>
/// The work of one thread of <see cref="ThreadDrill"/>: structures with checksums that grow, are looked through and
/// die; exceptions of all kinds; calls and casts that go through the runtime's shared tables.
/// </summary>
internal sealed unsafe class DrillLoad(string name, uint seed)
{
    /// <summary>After so many rounds each kind of work has been done.</summary>
    public const uint RoundsMin = OverflowEvery;

    private const int Chains = 16;
    private const int Names = 64;
    private const uint OverflowEvery = 3;

    private static readonly Func<int, IShape>[] Makers =
    [
        size => new Square(size), size => new Strip(size), size => new Corner<string>(size),
        size => new Corner<object>(size), size => new Corner<DrillLoad>(size), size => new Corner<int[]>(size),
    ];

    private readonly Link?[] chains = new Link?[Chains];
    private readonly Dictionary<string, byte[]> blocks = new();
    private uint state = seed;
    private uint rounds;
    private uint thrown;
    private uint overflows;

    private interface IShape
    {
        int Size { get; }

        int Area();
    }

    /// <summary>Rounds so far.</summary>
    public uint Rounds => rounds;

    /// <summary>One round of everything.</summary>
    public void Round()
    {
        rounds++;
        for (int i = 0; i < 40; i++)
        {
            GrowChain();
            ReplaceBlock();
            MeasureShapes();
            CastVariantly();
            ThrowAndCatch(i);
        }

        LookThroughChains();
        if (rounds % OverflowEvery == 0)
        {
            OverflowStack();
        }

        if (Next(64) == 0)
        {
            GC.Collect();
        }
    }

    /// <summary>Says how much was done.</summary>
    public void Report()
    {
        LookThroughChains();
        PanicOutput.Write("drill: ");
        PanicOutput.Write(name);
        PanicOutput.Write(" rounds ");
        PanicOutput.WriteDecimal(rounds);
        PanicOutput.Write(" exceptions ");
        PanicOutput.WriteDecimal(thrown);
        PanicOutput.Write(" overflows ");
        PanicOutput.WriteDecimal(overflows);
        PanicOutput.WriteLine();
        ThreadDrill.Check(rounds >= RoundsMin && overflows > 0, "a thread did nothing");
    }

    private uint Next(uint below)
    {
        state = (state * 1664525) + 1013904223; // Numerical Recipes, a generator of 32 bits
        return (state >> 8) % below;
    }

    private void GrowChain()
    {
        uint chain = Next(Chains);
        Link? head = chains[chain];
        if (head is not null && head.Length > 50)
        {
            head = null;
        }

        chains[chain] = new Link(head, Next(uint.MaxValue));
    }

    private void LookThroughChains()
    {
        foreach (Link? head in chains)
        {
            for (Link? link = head; link is not null; link = link.Below)
            {
                ThreadDrill.Check(link.IsWhole, "a link of a chain has changed");
            }
        }
    }

    private void ReplaceBlock()
    {
        string key = $"{name} {Next(Names)}";
        if (blocks.TryGetValue(key, out byte[]? old))
        {
            byte pattern = old[0];
            foreach (byte value in old)
            {
                ThreadDrill.Check(value == pattern, "a block of bytes has changed");
            }
        }

        byte[] block = new byte[1 + Next(Next(16) == 0 ? 40000u : 700u)];
        block.AsSpan().Fill((byte)Next(256));
        blocks[key] = block;
    }

    private void MeasureShapes()
    {
        int size = (int)Next(1000);
        IShape shape = Makers[(int)Next((uint)Makers.Length)](size);
        ThreadDrill.Check(shape.Size == size, "a shape's size is another's");
        ThreadDrill.Check(shape.Area() == shape.Size + shape.GetType().Name.Length, "the wrong method was called");
    }

    private void CastVariantly()
    {
        object list = Next(3) switch
        {
            0 => new List<string> { "perch" },
            1 => new string[] { "pike" },
            _ => new List<int> { 3 },
        };
        bool expected = list is not List<int>;
        ThreadDrill.Check(list is IEnumerable<object> == expected, "a cast answered for another type");
        ThreadDrill.Check(list is IEnumerable<string> == expected, "a cast answered for another type");
    }

    private void ThrowAndCatch(int kind)
    {
        Link? nothing = null;
        int[] three = new int[3];
        uint before = thrown;
        try
        {
            switch (kind % 6)
            {
                case 0:
                    _ = nothing!.Length;
                    break;
                case 1:
                    three[kind + 3] = 1;
                    break;
                case 2:
                    three[0] = kind / three[1];
                    break;
                case 3:
                    _ = (Square)Makers[2](kind);
                    break;
                case 4:
                    ThrowFromDeep(12, kind);
                    break;
                default:
                    throw new InvalidOperationException($"{name} {kind}");
            }
        }
        catch (InvalidOperationException thrownHere) when (thrownHere.Message == $"{name} {kind}")
        {
            thrown++;
        }
        catch (Exception other) when (other is not InvalidOperationException)
        {
            ThreadDrill.Check(IsExpected(other, kind % 6), "another exception was caught than was thrown");
            thrown++;
        }
        finally
        {
            three[2] = kind;
        }

        ThreadDrill.Check(thrown == before + 1, "an exception was lost");
    }

    private static bool IsExpected(Exception exception, int kind) => kind switch
    {
        0 => exception is NullReferenceException,
        1 => exception is IndexOutOfRangeException,
        2 => exception is DivideByZeroException,
        3 => exception is InvalidCastException,
        4 => exception is KeyNotFoundException,
        _ => false,
    };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowFromDeep(int depth, int kind)
    {
        Link mine = new(null, (uint)(depth * kind));
        try
        {
            if (depth == 0)
            {
                throw new KeyNotFoundException(name);
            }

            ThrowFromDeep(depth - 1, kind);
        }
        finally
        {
            ThreadDrill.Check(mine.IsWhole && mine.Value == (uint)(depth * kind), "a local changed on the way out");
        }
    }

    private void OverflowStack()
    {
        int depth = 0;
        try
        {
            Recurse(Makers[0](1), ref depth);
        }
        catch (StackOverflowException)
        {
            overflows++;
        }

        ThreadDrill.Check(depth > 100, "the stack ended too early");
    }

    /// <summary>Allocates and calls through an interface on the way down, so that the end comes anywhere.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Recurse(IShape shape, ref int depth)
    {
        depth++;
        Link link = new(null, (uint)depth);
        int below = Recurse(Makers[depth % Makers.Length](depth), ref depth);
        return below + shape.Area() + (int)link.Value;
    }

    /// <summary>A number, its checksum, and the rest of the chain.</summary>
    private sealed class Link(Link? below, uint value)
    {
        private readonly uint check = value * 2654435761 ^ (uint)(below is null ? 0 : below.Length + 1);

        public Link? Below => below;

        public uint Value => value;

        public int Length { get; } = below is null ? 0 : below.Length + 1;

        public bool IsWhole => check == (value * 2654435761 ^ (uint)Length) && Length == (below?.Length + 1 ?? 0);
    }

    private sealed class Square(int size) : IShape
    {
        public int Size => size;

        public int Area() => size + nameof(Square).Length;
    }

    private sealed class Strip(int size) : IShape
    {
        public int Size => size;

        public int Area() => size + nameof(Strip).Length;
    }

    private sealed class Corner<T>(int size) : IShape
    {
        // The runtime's name has the number of arguments in it.
        private const int NameLength = 8;

        public int Size => size;

        public int Area() => size + NameLength + (typeof(T).IsInterface ? 1 : 0);
    }
}
