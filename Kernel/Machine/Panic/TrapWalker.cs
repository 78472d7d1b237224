using Internal.Runtime;

namespace HaukiOS.Machine;

/// <summary>Lets a trace go on below an interrupt: from the trap handler to the code it interrupted.</summary>
internal static unsafe class TrapWalker
{
    /// <summary>Steps across the trap frame if that is where the walker stopped.</summary>
    public static StackStep Cross(ref StackWalker walker)
    {
        if (walker.Instruction != ImageLayout.Current->TrapReturn)
            return StackStep.NotManaged;
        var frame = (TrapFrame*)walker.Context.Ebp;
        StackBounds bounds = walker.Bounds;
        if (!bounds.Contains((uint)frame, TrapFrame.Size))
            return StackStep.Corrupt;
        RegisterContext interrupted = Faults.ContextOf(frame);
        bool atFault = Faults.LeaveAssembler(ref interrupted);
        walker = new StackWalker(interrupted, bounds) { AtFault = atFault };
        return StackStep.Caller;
    }
}
