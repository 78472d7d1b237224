; Single instructions that C# cannot express (Cpu.cs). Managed convention: arguments in ECX and EDX, result in EAX.
bits 32

global CpuIn8, CpuIn16, CpuIn32, CpuOut8, CpuOut16, CpuOut32
global CpuInBlock16, CpuOutBlock16, CpuInBlock32, CpuOutBlock32
global CpuDisableInterrupts, CpuEnableInterrupts, CpuWaitForInterrupt, CpuReadFlags, CpuReadFaultAddress
global CpuReadPageDirectory, CpuWritePageDirectory, CpuInvalidatePage, CpuReadTimestamp, CpuPause, CpuHalt
global CpuReadControl0, CpuReadControl4, CpuReadSegmentTable, CpuReadGateTable, CpuReadTask

section .text

CpuIn8:
    mov edx, ecx
    xor eax, eax
    in al, dx
    ret

CpuIn16:
    mov edx, ecx
    xor eax, eax
    in ax, dx
    ret

CpuIn32:
    mov edx, ecx
    in eax, dx
    ret

CpuOut8:
    mov eax, edx
    mov edx, ecx
    out dx, al
    ret

CpuOut16:
    mov eax, edx
    mov edx, ecx
    out dx, ax
    ret

CpuOut32:
    mov eax, edx
    mov edx, ecx
    out dx, eax
    ret

; ECX = port, EDX = destination, [esp+4] = number of 16-bit words.
CpuInBlock16:
    push edi
    mov edi, edx
    mov edx, ecx
    mov ecx, [esp + 8]
    rep insw
    pop edi
    ret 4

; ECX = port, EDX = source, [esp+4] = number of 16-bit words.
CpuOutBlock16:
    push esi
    mov esi, edx
    mov edx, ecx
    mov ecx, [esp + 8]
    rep outsw
    pop esi
    ret 4

; ECX = port, EDX = destination, [esp+4] = number of 32-bit words.
CpuInBlock32:
    push edi
    mov edi, edx
    mov edx, ecx
    mov ecx, [esp + 8]
    rep insd
    pop edi
    ret 4

; ECX = port, EDX = source, [esp+4] = number of 32-bit words.
CpuOutBlock32:
    push esi
    mov esi, edx
    mov edx, ecx
    mov ecx, [esp + 8]
    rep outsd
    pop esi
    ret 4

CpuDisableInterrupts:
    cli
    ret

CpuEnableInterrupts:
    sti
    ret

; Interrupts on and sleep until one came. The processor lets none through between sti and hlt.
CpuWaitForInterrupt:
    sti
    hlt
    ret

; Sleeps; with interrupts off for ever.
CpuHalt:
    hlt
    ret

CpuReadFlags:
    pushfd
    pop eax
    ret

CpuReadFaultAddress:
    mov eax, cr2
    ret

CpuReadPageDirectory:
    mov eax, cr3
    ret

CpuReadControl0:
    mov eax, cr0
    ret

CpuReadControl4:
    mov eax, cr4
    ret

CpuWritePageDirectory:
    mov cr3, ecx
    ret

; SGDT and SIDT store a 16-bit limit, then the address: the address on a word of its own.
CpuReadSegmentTable:
    sub esp, 8
    sgdt [esp + 2]
    mov eax, [esp + 4]
    add esp, 8
    ret

CpuReadGateTable:
    sub esp, 8
    sidt [esp + 2]
    mov eax, [esp + 4]
    add esp, 8
    ret

CpuReadTask:
    xor eax, eax
    str ax
    ret

CpuInvalidatePage:
    invlpg [ecx]
    ret

; EDX:EAX
CpuReadTimestamp:
    rdtsc
    ret

CpuPause:
    pause
    ret
