using System.Runtime;
using System.Runtime.CompilerServices;
using HaukiOS.Memory;
using Internal.Runtime;

namespace HaukiOS.Machine;

/// <summary>The steps from a processor that catches its faults to a kernel in which ordinary C# works.</summary>
public static unsafe class KernelStart
{
#pragma warning disable CS0649 // filled in through its address
    private static RuntimeThread thread;
#pragma warning restore CS0649

    /// <summary>Takes the memory over and goes on, on the kernel's own stack. Never returns.</summary>
    /// <param name="bootInformation">Physical address of the Multiboot information.</param>
    public static void Begin(uint bootInformation)
    {
        KernelMemory.Initialize(bootInformation);
        CallOnStack(AddressMap.StackHigh(KernelMemory.MainStack), &StartRuntime);
    }

    private static void StartRuntime()
    {
        RuntimeThread* main = (RuntimeThread*)Unsafe.AsPointer(ref thread);
        main->StackLow = AddressMap.StackLow(KernelMemory.MainStack);
        main->StackHigh = AddressMap.StackHigh(KernelMemory.MainStack);
        RuntimeThread.Register(main);
        GcStatistics.Clock = &ReadClock;
        Startup.Initialize(
            AddressMap.Heap, KernelMemory.HeapLimit, &KernelMemory.TryCommit, &KernelMemory.Decommit);
        HardwareFault.Prepare();
        ZoneCheck.Run(tell: false);
        FaultDrill.RunIfAsked();
        KernelMain();
        Panic.At("the kernel's main function returned");
    }

    private static ulong ReadClock() => Cpu.ReadTimestamp();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "KernelMain")]
    private static extern void KernelMain();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiCallOnStack")]
    private static extern void CallOnStack(uint top, delegate*<void> function);
}
