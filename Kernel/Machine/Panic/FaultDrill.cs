using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace HaukiOS.Machine;

/// <summary>
/// Does on purpose what must never happen, so that a test can see what becomes of it: <c>drill=NAME</c> on the kernel's
/// command line. A drill that the kernel survives says "drill: passed" and ends the emulator; the others end in a
/// panic. Without the word nothing here runs.
/// </summary>
internal static unsafe class FaultDrill
{
    private const uint PassedExitCode = 0x10;
    private const uint CommandLineFlag = 1u << 2; // Multiboot Specification 0.6.96, section 3.3
    private const int CommandLineOffset = 16;
    private const int CommandLineMax = 1024;
    private const int NameMax = 31;
    private const int DrillVector = InterruptTable.VectorCount - 1;
    private const uint NowhereMapped = 0xDEAD_0000;

    private static DrillName name;
    private static int seen;

    /// <summary>Looks for the word. Before the memory is taken over: the loader's text may lie anywhere.</summary>
    /// <param name="bootInformation">Physical address of the Multiboot information.</param>
    public static void ReadCommandLine(uint bootInformation)
    {
        var information = (uint*)bootInformation;
        if ((information[0] & CommandLineFlag) == 0)
            return;
        var text = (byte*)information[CommandLineOffset / sizeof(uint)];
        const string Key = "drill=";
        for (int i = 0; i < CommandLineMax && text[i] != 0; i++)
        {
            if (StartsWith(text + i, Key))
                Keep(text + i + Key.Length);
        }
    }

    private static bool RunsInWholeKernel() =>
        Is("jump") || Is("jump-panic") || Is("land") || Is("track") || Is("look");

    /// <summary>Runs the drill that the command line asked for, if any. Then it does not return.</summary>
    public static void RunIfAsked()
    {
        if (name.Text[0] == 0 || RunsInWholeKernel())
            return;
        if (Is("panic"))
            Panic.At("a drill");
        else if (Is("unhandled"))
            throw new InvalidOperationException("nobody is there to catch this");
        else if (Is("wild-read"))
            seen = *(int*)NowhereMapped;
        else if (Is("wild-jump"))
            ((delegate*<void>)NowhereMapped)();
        else if (Is("damaged-stack"))
            DamageStack();
        else if (Is("interrupt-escape"))
            InterruptTable.SetHandler(DrillVector, &ThrowInHandler);
        RunSurvivable();
    }

    private static void RunSurvivable()
    {
        if (Is("overflow"))
            OverflowRepeatedly(&Recurse);
        else if (Is("overflow-frames"))
            OverflowRepeatedly(&RecurseWithFrames);
        else if (Is("overflow-probe"))
            OverflowRepeatedly(&RecurseWithProbe);
        else if (Is("overflow-unhandled"))
            Recurse(0);
        else if (Is("overflow-twice"))
            OverflowRepeatedly(&RecurseAndAgain);
        else if (Is("interrupt"))
            CatchInHandler();
        else if (Is("interrupt-escape"))
            RaiseDrillInterrupt();
        else if (Is("null-jump"))
            JumpToNull();
        else if (Is("threads"))
            ThreadDrill.Run();
        else if (Is("vanish"))
            Vanish();
        else if (Is("zones"))
            ZoneCheck.Run(tell: true);
        else
            Panic.At("the command line asks for a drill that there is not");
        PanicOutput.Write("drill: passed\n");
        PanicOutput.Flush();
        EmulatorExit.With(PassedExitCode);
    }

    /// <summary>The test looks for the word in what the machine's memory is afterwards, and must not find it.</summary>
    private static void Vanish()
    {
        object[] keep = new object[64];
        for (int i = 0; i < keep.Length; i++)
            keep[i] = $"burbot {i}";
        PanicOutput.Write((string)keep[seen]);
        PanicOutput.Write(": the memory is wiped\n");
        PanicOutput.Flush();
        Vanishing.WipeAndStartAnew();
        Panic.At("no frame left to wipe the memory from");
    }

    private static void OverflowRepeatedly(delegate*<int, int> recursion)
    {
        for (int round = 1; round <= 3; round++)
        {
            seen = 0;
            try
            {
                recursion(0);
            }
            catch (StackOverflowException overflow) when (overflow.StackTrace != null)
            {
                PanicOutput.Write("drill: stack overflow caught, depth ");
                PanicOutput.WriteDecimal((uint)seen);
                PanicOutput.WriteLine();
            }

            if (StackGuard.IsOpen((uint)RuntimeThread.Current->StackLow))
                Panic.At("the guard pages stayed open");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Recurse(int depth)
    {
        seen = depth;
        return depth < 0 ? 0 : Recurse(depth + 1) + depth;
    }

    /// <summary>Frames of nearly three pages: the largest that the compiler makes without touching them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int RecurseWithFrames(int depth)
    {
        PageFrames frame = default;
        frame.Bytes[depth & 1023] = 1;
        seen = depth;
        return depth < 0 ? 0 : RecurseWithFrames(depth + 1) + frame.Bytes[depth & 1023];
    }

    /// <summary>Frames that the compiler probes, with a finally in each.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int RecurseWithProbe(int depth)
    {
        byte* bytes = stackalloc byte[20000];
        bytes[depth & 1023] = 1;
        try
        {
            seen = depth;
            return depth < 0 ? 0 : RecurseWithProbe(depth + 1) + bytes[depth & 1023];
        }
        finally
        {
            bytes[0] = 2;
        }
    }

    /// <summary>Overflows again while the first overflow is on its way: there is no stack left for that.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int RecurseAndAgain(int depth)
    {
        try
        {
            return depth < 0 ? 0 : RecurseAndAgain(depth + 1) + depth;
        }
        finally
        {
            Recurse(0);
        }
    }

    private static void CatchInHandler()
    {
        InterruptTable.SetHandler(DrillVector, &CatchNull);
        RaiseDrillInterrupt();
        InterruptTable.SetHandler(DrillVector, null);
        if (seen != 1)
            Panic.At("the handler did not catch its own exception", (uint)seen);
    }

    private static void CatchNull(TrapFrame* frame)
    {
        try
        {
            *(int*)0 = 1;
        }
        catch (NullReferenceException)
        {
            seen = 1;
        }
    }

    private static void ThrowInHandler(TrapFrame* frame) => throw new InvalidOperationException("from a handler");

    private static void JumpToNull()
    {
        try
        {
            ((delegate*<void>)seen)();
        }
        catch (NullReferenceException)
        {
            seen = 1;
        }

        if (seen != 1)
            Panic.At("a jump to null was not an exception");
    }

    /// <summary>Overwrites its own frame, saved registers and return address, then throws.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DamageStack()
    {
        uint* words = stackalloc uint[4];
        for (int i = 0; i < 12; i++)
            words[i] = 0x1234_5678;
        throw new InvalidOperationException("from a damaged frame");
    }

    private static void Keep(byte* text)
    {
        for (int i = 0; i < NameMax && text[i] > ' '; i++)
            name.Text[i] = text[i];
    }

    private static bool Is(string word)
    {
        fixed (byte* text = name.Text)
            return StartsWith(text, word) && text[word.Length] == 0;
    }

    private static bool StartsWith(byte* text, string word)
    {
        for (int i = 0; i < word.Length; i++)
        {
            if (text[i] != word[i])
                return false;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiRaiseDrillInterrupt")]
    private static extern void RaiseDrillInterrupt();

    private struct DrillName
    {
        public fixed byte Text[NameMax + 1];
    }

    private struct PageFrames
    {
        public fixed byte Bytes[(3 * 4096) - 512];
    }
}
