import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { CampaignButton } from '../domain';
import { versioned, type Answer } from './answer';
import { ApproveBody, CampaignView, ReasonBody } from './campaigns.schema';
import { CampaignsService } from './campaigns.service';
import { PressCampaignService } from './press-campaign.service';
import { present } from './present';
import { Caller, type Role, type SellerCall } from './principal';
import { Route } from './route';

const Step = (does: string, roles: readonly Role[]): MethodDecorator =>
  Route({ does, roles, effect: 'write', view: CampaignView, isVersioned: true });

@ApiTags('campaigns')
@Controller('v1/campaigns/:id')
export class CampaignStepsController {
  constructor(
    private readonly service: CampaignsService,
    private readonly buttons: PressCampaignService,
  ) {}

  @Post('submit')
  @HttpCode(200)
  @Step('Hands a draft in; without a second person it is approved, over a warning only with a reason.', ['editor'])
  submit(@Caller() call: SellerCall, @Param('id') id: string, @Body() { reason }: ApproveBody): Promise<Answer> {
    return this.press(call, id, { button: 'submit', ...present({ reason }) });
  }

  @Post('approve')
  @HttpCode(200)
  @Step('Approves it: from now on it is read-only. Not by who edited it last.', ['approver'])
  approve(@Caller() call: SellerCall, @Param('id') id: string, @Body() { reason }: ApproveBody): Promise<Answer> {
    return this.press(call, id, { button: 'approve', ...present({ reason }) });
  }

  @Post('send-back')
  @HttpCode(200)
  @Step('Makes it a draft again.', ['approver'])
  sendBack(@Caller() call: SellerCall, @Param('id') id: string, @Body() { reason }: ReasonBody): Promise<Answer> {
    return this.press(call, id, { button: 'send-back', reason });
  }

  @Post('cancel')
  @HttpCode(200)
  @Step('Cancels it before it is live.', ['editor', 'approver'])
  cancel(@Caller() call: SellerCall, @Param('id') id: string, @Body() { reason }: ReasonBody): Promise<Answer> {
    return this.press(call, id, { button: 'cancel', reason });
  }

  @Post('stop')
  @HttpCode(200)
  @Step('Ends it early, at once.', ['approver'])
  stop(@Caller() call: SellerCall, @Param('id') id: string, @Body() { reason }: ReasonBody): Promise<Answer> {
    return this.press(call, id, { button: 'stop', reason });
  }

  private async press(
    call: SellerCall,
    id: string,
    press: { button: Exclude<CampaignButton, 'edit'>; reason?: string },
  ): Promise<Answer> {
    const campaign = await this.buttons.press(call, id, press);
    return versioned(await this.service.view(campaign), campaign.v);
  }
}
