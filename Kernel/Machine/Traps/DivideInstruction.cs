namespace HaukiOS.Machine;

/// <summary>
/// The processor has one exception for a zero divisor and for a quotient that does not fit (int.MinValue / -1). C# has
/// two, so the divisor is looked up again: the operand of the DIV or IDIV that failed (Intel SDM volume 2, F7 /6, /7).
/// </summary>
internal static unsafe class DivideInstruction
{
    private const byte Opcode = 0xF7;
    private const int ModeRegister = 3;
    private const uint NoBase = 5;
    private const uint HasScaledIndex = 4;
    private const uint NoIndex = 4;

    /// <summary>Is the divisor zero? True for an instruction that cannot be read: the commoner case.</summary>
    public static bool DivisorIsZero(TrapFrame* frame)
    {
        var code = (byte*)frame->Eip;
        if (*code++ != Opcode)
            return true;
        byte modeByte = *code++;
        uint mode = (uint)modeByte >> 6;
        uint register = modeByte & 7u;
        if (mode == ModeRegister)
            return Register(frame, register) == 0;

        uint address;
        if (register == HasScaledIndex)
        {
            byte scaled = *code++;
            uint index = ((uint)scaled >> 3) & 7;
            register = scaled & 7u;
            address = index == NoIndex ? 0u : Register(frame, index) << (scaled >> 6);
        }
        else
        {
            address = 0;
        }

        if (mode == 0 && register == NoBase)
            address += *(uint*)code;
        else
            address += Register(frame, register);
        if (mode == 1)
            address += (uint)(int)*(sbyte*)code;
        else if (mode == 2)
            address += *(uint*)code;
        return *(uint*)address == 0;
    }

    /// <summary>A register by the number that instructions use.</summary>
    private static uint Register(TrapFrame* frame, uint number) => number switch
    {
        0 => frame->Eax,
        1 => frame->Ecx,
        2 => frame->Edx,
        3 => frame->Ebx,
        4 => TrapFrame.StackPointerOf(frame),
        5 => frame->Ebp,
        6 => frame->Esi,
        _ => frame->Edi,
    };
}
