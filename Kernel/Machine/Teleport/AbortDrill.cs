using System;
using System.Collections.Generic;
using Internal.Runtime;

namespace HaukiOS.Machine;

/// <summary>
/// Departures that end where they began, with everything in them that must not be done there: each is either harmless
/// or an exception, and afterwards the node goes on. Part of <see cref="JumpDrill"/>.
/// </summary>
internal static unsafe class AbortDrill
{
    private static readonly InvalidOperationException Prepared = new("prepared before the departure");
    private static object? kept;
    private static uint collections;
    private static int seen;

    /// <summary>Does them all.</summary>
    /// <returns>How many.</returns>
    public static uint Run()
    {
        uint count = 0;
        seen = 0; // the class's own constructor, too, must have run before
        Expect<Exception>(Return, none: true, ref count);
        Expect<InvalidOperationException>(Throw, none: false, ref count);
        Expect<OutOfMemoryException>(Allocate, none: false, ref count);
        Expect<OutOfMemoryException>(AllocateMuch, none: false, ref count);
        Expect<NullReferenceException>(ReadNull, none: false, ref count);
        Expect<Exception>(CatchInside, none: true, ref count);
        collections = GcStatistics.Collections;
        Expect<Exception>(GC.Collect, none: true, ref count);
        ThreadDrill.Check(GcStatistics.Collections == collections, "a collection went through a heap that is held");
        Expect<OutOfMemoryException>(UseFirstTime, none: false, ref count);
        ThreadDrill.Check(kept is null, "an object was made while the heap was held");
        return count;
    }

    private static void Expect<T>(Action leave, bool none, ref uint count)
        where T : Exception
    {
        bool thrown = false;
        try
        {
            ThreadDrill.Check(!Departure.Run(leave), "landed without a jump");
        }
        catch (T)
        {
            thrown = true;
        }

        ThreadDrill.Check(thrown != none, "a departure ended in another way than it should");
        ThreadDrill.Check(Cpu.InterruptsEnabled && !HeapHold.IsActive, "a departure that was given up left a trace");
        count++;
    }

    private static void Return() => seen++;

    private static void Throw() => throw Prepared;

    private static void Allocate() => kept = new int[2];

    private static void AllocateMuch() => kept = new int[0x10000];

    private static void ReadNull() => seen = *(int*)0;

    private static void CatchInside()
    {
        try
        {
            Throw();
        }
        catch (InvalidOperationException)
        {
            seen++;
        }
    }

    private static void UseFirstTime() => kept = Rarely.Names;

    /// <summary>A class whose static constructor cannot be done away with by the compiler.</summary>
    private static class Rarely
    {
        public static readonly List<string> Names = new() { GcStatistics.Collections.ToString() };
    }
}
