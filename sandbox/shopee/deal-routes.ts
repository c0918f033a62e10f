import type { Router } from '../http/router';
import type { Ground } from '../world';
import { addDiscount, addDiscountItems, deleteDiscountItem, endDiscount, readDiscount } from './discounts';
import { forShop } from './door';
import * as flash from './flash-sales';

/** Discounts and flash sales. */
export function addDeals(routes: Router, ground: Ground): Router {
  const sale = '/api/v2/shop_flash_sale';
  return routes
    .add('POST', '/api/v2/discount/add_discount', forShop(ground, addDiscount(ground)))
    .add('POST', '/api/v2/discount/add_discount_item', forShop(ground, addDiscountItems(ground)))
    .add('POST', '/api/v2/discount/delete_discount_item', forShop(ground, deleteDiscountItem(ground)))
    .add('POST', '/api/v2/discount/end_discount', forShop(ground, endDiscount(ground)))
    .add('GET', '/api/v2/discount/get_discount', forShop(ground, readDiscount()))
    .add('GET', `${sale}/get_time_slot_id`, forShop(ground, flash.listSlots(ground)))
    .add('GET', `${sale}/get_item_criteria`, forShop(ground, flash.readCriteria()))
    .add('POST', `${sale}/create_shop_flash_sale`, forShop(ground, flash.createFlashSale(ground)))
    .add('POST', `${sale}/add_shop_flash_sale_items`, forShop(ground, flash.addFlashSaleItems(ground)))
    .add('POST', `${sale}/update_shop_flash_sale`, forShop(ground, flash.updateFlashSale(ground)))
    .add('GET', `${sale}/get_shop_flash_sale_items`, forShop(ground, flash.listFlashSaleItems()));
}
